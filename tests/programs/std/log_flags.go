// log: prefixes and flags, file and line of the caller at every depth.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
)

func helper(l *log.Logger, depth int) {
	l.Output(depth, fmt.Sprint("depth ", depth))
}

type T struct{ l *log.Logger }

func (t T) Say(s string)   { t.l.Print(s) }
func (t *T) SayP(s string) { t.l.Println(s) }

func main() {
	l := log.New(os.Stdout, "pre: ", log.Lshortfile)
	l.Print("print")
	l.Println("println", 1, 2)
	l.Printf("printf %d %q", 3, "q")
	l.SetFlags(log.Lshortfile | log.Lmsgprefix)
	l.Print("msgprefix")
	l.SetPrefix("")
	for d := range 3 {
		helper(l, d)
	}
	func() { l.Print("closure") }()
	defer l.Print("deferred")
	defer func() { l.Print("in deferred closure") }()
	T{l}.Say("method")
	(&T{l}).SayP("pointer method")
	f := T{l}.Say
	f("method value")
	var i interface{ Say(string) } = &T{l}
	i.Say("through interface")
	func() {
		defer func() { l.Print("recovered ", recover()) }()
		l.Panicf("panic %d", 1)
	}()
	done := make(chan bool)
	go func() {
		l.Print("goroutine")
		done <- true
		l.Print("after a send")
		close(done)
	}()
	<-done
	<-done
	var buf bytes.Buffer
	t := log.New(&buf, "[x] ", log.LstdFlags|log.Lmicroseconds|log.LUTC|log.Llongfile)
	t.Print("long")
	fmt.Println(regexp.MustCompile(`^\[x\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} /.*/log_flags\.go:\d+: long\n$`).MatchString(buf.String()))
	log.SetOutput(os.Stdout)
	log.SetFlags(log.Lshortfile)
	log.Print("standard logger")
	fmt.Println(log.Flags(), log.Prefix() == "", log.Writer() == os.Stdout, log.Default() == nil)
	log.SetOutput(io.Discard)
	log.Print("discarded")
	log.SetOutput(os.Stderr)
	log.Fatalf("fatal: %v", "end")
}
