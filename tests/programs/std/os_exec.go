package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	out, err := exec.Command("echo", "hello", "world").Output()
	fmt.Printf("%q %v\n", out, err)
	err = exec.Command("sh", "-c", "exit 3").Run()
	fmt.Println(err)
	var ee *exec.ExitError
	fmt.Println(errors.As(err, &ee), ee.ExitCode())
	_, err = exec.LookPath("no-such-program")
	fmt.Println(err)
	fmt.Println(exec.Command("/no/such/file").Run())
	c := exec.Command("cat")
	c.Stdin = strings.NewReader("through cat")
	var b bytes.Buffer
	c.Stdout = &b
	fmt.Println(c.Run(), b.String())
	c = exec.Command("sh", "-c", "read x; echo got $x; echo err >&2")
	in, _ := c.StdinPipe()
	o, _ := c.StdoutPipe()
	e, _ := c.StderrPipe()
	c.Start()
	io.WriteString(in, "line\n")
	x, _ := io.ReadAll(o)
	y, _ := io.ReadAll(e)
	fmt.Printf("%q %q %v\n", x, y, c.Wait())
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	s := time.Now()
	err = exec.CommandContext(ctx, "sleep", "10").Run()
	fmt.Println(err, time.Since(s) < 2*time.Second)
	c = exec.Command("sh", "-c", "echo $FOO; pwd")
	c.Env = append(os.Environ(), "FOO=bar")
	c.Dir = "/"
	out, err = c.CombinedOutput()
	fmt.Printf("%q %v\n", out, err)
	r, w, _ := os.Pipe()
	r.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = r.Read(make([]byte, 1))
	fmt.Println(err, errors.Is(err, os.ErrDeadlineExceeded))
	r.SetReadDeadline(time.Time{})
	go func() { time.Sleep(5 * time.Millisecond); w.Write([]byte("late")); w.Close() }()
	z, err := io.ReadAll(r)
	fmt.Printf("%q %v\n", z, err)
	r, w, _ = os.Pipe()
	go func() { time.Sleep(5 * time.Millisecond); r.Close() }()
	_, err = r.Read(make([]byte, 1))
	fmt.Println(err)
}
