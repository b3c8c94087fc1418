// reflect.Select and channels through reflection.
package main

import (
	"fmt"
	"reflect"
	"sync"
)

func main() {
	const n = 5
	chans := make([]chan int, n)
	cases := make([]reflect.SelectCase, n)
	for i := range chans {
		chans[i] = make(chan int)
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(chans[i])}
		go func() {
			for k := range 100 {
				chans[i] <- i*1000 + k
			}
			close(chans[i])
		}()
	}
	sums := make([]int, n)
	open := n
	for open > 0 {
		i, v, ok := reflect.Select(cases)
		if !ok {
			cases[i].Chan = reflect.Value{}
			open--
			continue
		}
		sums[i] += int(v.Int())
	}
	fmt.Println(sums)

	c := make(chan string, 1)
	sel := []reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c), Send: reflect.ValueOf("sent")},
		{Dir: reflect.SelectDefault},
	}
	i, _, _ := reflect.Select(sel)
	fmt.Println(i, len(c))
	i, v, ok := reflect.Select(sel)
	fmt.Println(i, v.IsValid(), ok, <-c)
	i, v, ok = reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}, {Dir: reflect.SelectDefault}})
	fmt.Println(i, v.IsValid(), ok)
	close(c)
	i, v, ok = reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}})
	fmt.Printf("%d %q %t\n", i, v.String(), ok)
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c), Send: reflect.ValueOf("x")}})
	}()
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectDefault}})
	}()
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		var ro <-chan int
		reflect.ValueOf(ro).Send(reflect.ValueOf(1))
	}()

	// A sender and a receiver that meet in Select.
	d := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	total := 0
	go func() {
		defer wg.Done()
		for k := range 1000 {
			reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(d), Send: reflect.ValueOf(k)}})
		}
		reflect.ValueOf(d).Close()
	}()
	go func() {
		defer wg.Done()
		for {
			x, ok := reflect.ValueOf(d).Recv()
			if !ok {
				return
			}
			total += int(x.Int())
		}
	}()
	wg.Wait()
	fmt.Println(total)
	x, ok := reflect.ValueOf(make(chan int)).TryRecv()
	fmt.Println(x.IsValid(), ok)
}
