package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

func main() {
	f, _ := os.OpenFile("/dev/null", os.O_WRONLY, 0)
	var n atomic.Int64
	for range 3 {
		go func() {
			b := []byte("x")
			for {
				f.Write(b)
				n.Add(1)
			}
		}()
	}
	s := time.Now()
	time.Sleep(100 * time.Millisecond)
	d := time.Since(s)
	fmt.Println(d < 3000*time.Millisecond, n.Load() > 1000)

}
