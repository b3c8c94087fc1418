// os.Args, environment, exit status with deferred calls skipped.
//
//test:args one two -x --flag=3
//test:env GOIR_TEST_VALUE=from outside
//test:env GOIR_TEST_EMPTY=
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	fmt.Println(len(os.Args), os.Args[1:])
	fmt.Printf("%q\n", os.Getenv("GOIR_TEST_VALUE"))
	v, ok := os.LookupEnv("GOIR_TEST_EMPTY")
	fmt.Printf("%q %t\n", v, ok)
	v, ok = os.LookupEnv("GOIR_TEST_MISSING")
	fmt.Printf("%q %t\n", v, ok)
	fmt.Println(os.Setenv("GOIR_SET", "1"), os.Getenv("GOIR_SET"), os.ExpandEnv("${GOIR_SET}-$GOIR_TEST_VALUE"), os.Expand("$x", strings.ToUpper))
	fmt.Println(os.Unsetenv("GOIR_SET"), os.Getenv("GOIR_SET") == "")
	found := 0
	for _, e := range os.Environ() {
		if strings.HasPrefix(e, "GOIR_TEST_") {
			found++
		}
	}
	fmt.Println(found)
	fs := flag.NewFlagSet("prog", flag.ContinueOnError)
	n := fs.Int("flag", 1, "a number")
	x := fs.Bool("x", false, "a switch")
	fmt.Println(fs.Parse(os.Args[3:]), *n, *x, fs.NArg())
	fs.SetOutput(os.Stdout)
	fmt.Println(fs.Parse([]string{"-unknown"}))
	defer fmt.Println("not printed")
	fmt.Fprintln(os.Stderr, "to stderr")
	os.Exit(7)
}
