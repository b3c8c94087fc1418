// Files and directories: creating, reading, writing, seeking, walking, errors.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	dir, err := os.MkdirTemp("", "goir-test-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "file.txt")
	fmt.Println(os.WriteFile(name, []byte("hello\nworld\n"), 0o644))
	b, err := os.ReadFile(name)
	fmt.Printf("%q %v\n", b, err)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
	fmt.Println(err)
	n, err := f.WriteString("appended")
	fmt.Println(n, err)
	at, err := f.Seek(6, io.SeekStart)
	fmt.Println(at, err)
	buf := make([]byte, 5)
	n, err = io.ReadFull(f, buf)
	fmt.Println(n, err, string(buf))
	n, err = f.ReadAt(buf, 12)
	fmt.Println(n, err, string(buf))
	n, err = f.ReadAt(buf, 18)
	fmt.Println(n, err, string(buf[:n]))
	st, err := f.Stat()
	fmt.Println(st.Name(), st.Size(), st.Mode(), st.IsDir(), err)
	fmt.Println(f.Truncate(3), f.Close(), f.Close() != nil)
	_, err = f.Read(buf)
	fmt.Println(errors.Is(err, os.ErrClosed))
	b, _ = os.ReadFile(name)
	fmt.Printf("%q\n", b)
	fmt.Println(os.MkdirAll(filepath.Join(dir, "a", "b", "c"), 0o755))
	for _, p := range []string{"a/1", "a/b/2", "a/b/c/3", "z"} {
		os.WriteFile(filepath.Join(dir, p), []byte(p), 0o600)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		fmt.Print(rel, " ", d.IsDir(), "; ")
		return err
	})
	fmt.Println(err)
	es, err := os.ReadDir(dir)
	for _, e := range es {
		i, _ := e.Info()
		fmt.Print(e.Name(), " ", e.Type(), " ", i.Mode().Perm(), "; ")
	}
	fmt.Println(err)
	fmt.Println(os.Rename(filepath.Join(dir, "z"), filepath.Join(dir, "y")), os.Symlink("y", filepath.Join(dir, "link")))
	l, err := os.Readlink(filepath.Join(dir, "link"))
	ls, _ := os.Lstat(filepath.Join(dir, "link"))
	fmt.Println(l, err, ls.Mode()&fs.ModeSymlink != 0, os.Chmod(filepath.Join(dir, "y"), 0o400))
	m, err := filepath.Glob(filepath.Join(dir, "*"))
	fmt.Println(len(m), err)
	_, err = os.Open(filepath.Join(dir, "none"))
	fmt.Println(strings.Replace(fmt.Sprint(err), dir, "DIR", 1), os.IsNotExist(err))
	fmt.Println(strings.Replace(fmt.Sprint(os.Mkdir(dir, 0o755)), dir, "DIR", 1))
	fmt.Println(strings.Replace(fmt.Sprint(os.Remove(filepath.Join(dir, "a"))), dir, "DIR", 1))
	_, err = os.ReadFile(dir)
	fmt.Println(strings.Replace(fmt.Sprint(err), dir, "DIR", 1))
	r, w, err := os.Pipe()
	go func() { fmt.Fprint(w, "through a pipe"); w.Close() }()
	b, err = io.ReadAll(r)
	fmt.Println(string(b), err)
	wd, err := os.Getwd()
	fmt.Println(filepath.IsAbs(wd), err, os.Getpid() > 0, os.DevNull, os.TempDir() != "")
	fmt.Println(filepath.Join("a", "../b", "/c"), filepath.Ext("x.tar.gz"), filepath.Base("/p/q"), filepath.Dir("/p/q"), filepath.Clean("a//b/./../c"))
}
