// context: values, cancellation, deadlines, causes, AfterFunc.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type key string

func main() {
	bg := context.Background()
	fmt.Println(bg, context.TODO(), bg.Err(), bg.Done() == nil)
	ctx := context.WithValue(bg, key("a"), 1)
	ctx = context.WithValue(ctx, key("b"), "two")
	fmt.Println(ctx.Value(key("a")), ctx.Value(key("b")), ctx.Value("a"), ctx)
	c1, cancel1 := context.WithCancel(ctx)
	c2, cancel2 := context.WithCancelCause(c1)
	c3, cancel3 := context.WithTimeout(c2, time.Hour)
	defer cancel3()
	_, ok := c3.Deadline()
	fmt.Println(ok, c3.Err(), c3.Value(key("a")))
	cancel2(errors.New("my cause"))
	<-c3.Done()
	fmt.Println(c1.Err(), c2.Err(), c3.Err(), context.Cause(c2), context.Cause(c3), context.Cause(c1))
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			sub, cancel := context.WithCancel(c1)
			defer cancel()
			<-sub.Done()
			if i == 3 {
				fmt.Println("sub", sub.Err())
			}
		})
	}
	cancel1()
	wg.Wait()
	t, cancel := context.WithTimeout(bg, 5*time.Millisecond)
	defer cancel()
	select {
	case <-t.Done():
		fmt.Println(t.Err(), errors.Is(t.Err(), context.DeadlineExceeded), t.Err().(interface{ Timeout() bool }).Timeout())
	case <-time.After(10 * time.Second):
		fmt.Println("late")
	}
	d, cancelD := context.WithDeadlineCause(bg, time.Now().Add(-time.Second), errors.New("past"))
	fmt.Println(d.Err(), context.Cause(d))
	cancelD()
	w := context.WithoutCancel(c1)
	fmt.Println(w.Err(), w.Value(key("b")))
	a, cancelA := context.WithCancel(bg)
	ran := make(chan bool)
	stop := context.AfterFunc(a, func() { ran <- true })
	cancelA()
	fmt.Println(<-ran, stop())
	a, cancelA = context.WithCancel(bg)
	stop = context.AfterFunc(a, func() { fmt.Println("not run") })
	fmt.Println(stop())
	cancelA()
	fmt.Println(c3.(fmt.Stringer).String() != "")
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		context.WithValue(bg, nil, 1)
	}()
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		context.WithCancel(nil)
	}()
}
