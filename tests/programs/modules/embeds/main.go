// Files in variables, and a file system of them.
package main

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed hello.txt
var hello string

var (
	//go:embed data.bin
	data []byte

	//go:embed static
	//go:embed *.txt
	files embed.FS

	//go:embed all:static/*
	all embed.FS
)

func list(name string, files fs.FS) {
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, _ := d.Info()
		fmt.Println(name, path, d.IsDir(), info.Size(), info.Mode())
		return nil
	})
	fmt.Println(name, err)
}

func main() {
	fmt.Printf("%q %q\n", hello, data)
	data[0] = 'x'
	fmt.Printf("%q\n", data)
	list("files", files)
	list("all", all)
	text, err := files.ReadFile("static/deep/two.txt")
	fmt.Printf("%q %v\n", text, err)
	_, err = files.Open("static/none")
	fmt.Println(err)
	found, err := fs.Glob(all, "static/*/*.txt")
	fmt.Println(found, err)
}
