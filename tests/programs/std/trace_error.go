// A panic with an error value, recovered and raised again, and its trace.
//
//test:trace
package main

import (
	"fmt"
	"os"
)

func open(name string) {
	_, err := os.Open(name)
	if err != nil {
		panic(fmt.Errorf("cannot go on: %w", err))
	}
}

func again() {
	defer func() {
		if r := recover(); r != nil {
			panic(r)
		}
	}()
	open("/nonexistent/file")
}

func main() {
	again()
}
