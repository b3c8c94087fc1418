package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var _ = topic("contexts",
	program{"context_cancel_tree", contextCancelTree},
	program{"context_deadline", contextDeadline},
	program{"context_causes", contextCauses},
	program{"context_after_func", contextAfterFunc},
	program{"context_without_cancel", contextWithoutCancel},
	program{"context_values", contextValues},
	program{"context_workers_stop", contextWorkersStop},
	program{"context_many_children", contextManyChildren},
	program{"context_first_error", contextFirstError},
	program{"context_generator", contextGenerator},
	program{"context_custom_parent", contextCustomParent},
	program{"context_timeout_chain", contextTimeoutChain},
)

func contextCancelTree() {
	root, cancel := context.WithCancel(context.Background())
	a, cancelA := context.WithCancel(root)
	b, cancelB := context.WithCancel(root)
	defer cancelB()
	aa, cancelAA := context.WithCancel(a)
	defer cancelAA()
	state := func() {
		for _, c := range []context.Context{root, a, b, aa} {
			fmt.Print(c.Err() == nil, " ")
		}
		fmt.Println()
	}
	state()
	cancelA()
	<-aa.Done()
	state()
	cancel()
	<-b.Done()
	state()
	cancelA()
	fmt.Println(aa.Err(), context.Cause(aa))
}

func contextDeadline() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	case <-time.After(20 * time.Second):
		fmt.Println("late")
	}
	var timeout interface{ Timeout() bool }
	fmt.Println(errors.As(ctx.Err(), &timeout) && timeout.Timeout())
	past, cancel2 := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel2()
	<-past.Done()
	fmt.Println(past.Err())
	far, cancel3 := context.WithTimeout(past, time.Hour)
	defer cancel3()
	fmt.Println(far.Err())
}

func contextCauses() {
	mine := errors.New("my reason")
	ctx, cancel := context.WithCancelCause(context.Background())
	child, stop := context.WithTimeoutCause(ctx, time.Hour, errors.New("not this"))
	defer stop()
	cancel(mine)
	cancel(errors.New("too late"))
	<-child.Done()
	fmt.Println(child.Err(), context.Cause(child), context.Cause(ctx) == mine)
	soon, stop2 := context.WithTimeoutCause(context.Background(), time.Millisecond, errors.New("slow"))
	defer stop2()
	<-soon.Done()
	fmt.Println(soon.Err(), context.Cause(soon))
}

func contextAfterFunc() {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan string, 2)
	context.AfterFunc(ctx, func() { ran <- "ran" })
	stop := context.AfterFunc(ctx, func() { ran <- "not this one" })
	fmt.Println(stop(), stop())
	cancel()
	fmt.Println(<-ran, len(ran))
	context.AfterFunc(ctx, func() { ran <- "at once" })
	fmt.Println(<-ran)
}

func contextWithoutCancel() {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "value"))
	free := context.WithoutCancel(ctx)
	cancel()
	fmt.Println(ctx.Err(), free.Err(), free.Value(key{}), free.Done() == nil)
	again, cancel2 := context.WithCancel(free)
	fmt.Println(again.Err())
	cancel2()
	fmt.Println(again.Err(), free.Err())
}

func contextValues() {
	type key int
	ctx := context.Background()
	for i := range 20 {
		ctx = context.WithValue(ctx, key(i%7), i)
	}
	results := make([]int, 7)
	each(7, func(i int) { results[i] = ctx.Value(key(i)).(int) })
	fmt.Println(results, ctx.Value(0), ctx.Value(key(9)))
	fmt.Println(context.WithValue(context.TODO(), key(1), "v"))
}

func contextWorkersStop() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var stopped, items atomic.Int32
	var wg sync.WaitGroup
	work := make(chan int)
	for range 8 {
		wg.Go(func() {
			defer stopped.Add(1)
			for {
				select {
				case <-ctx.Done():
					return
				case <-work:
					if items.Add(1) == 100 {
						cancel()
					}
				}
			}
		})
	}
	for sent := 0; ; sent++ {
		select {
		case work <- sent:
			continue
		case <-ctx.Done():
		}
		break
	}
	wg.Wait()
	fmt.Println(stopped.Load(), items.Load() >= 100, ctx.Err())
}

func contextManyChildren() {
	root, cancel := context.WithCancel(context.Background())
	var done atomic.Int32
	var wg sync.WaitGroup
	var ready sync.WaitGroup
	for i := range 200 {
		ready.Add(1)
		wg.Go(func() {
			ctx := root
			for range i % 5 {
				c, cancel := context.WithCancel(ctx)
				defer cancel()
				ctx = c
			}
			ready.Done()
			<-ctx.Done()
			if ctx.Err() == context.Canceled {
				done.Add(1)
			}
		})
	}
	ready.Wait()
	cancel()
	wg.Wait()
	fmt.Println(done.Load())
}

// group is what errgroup is: the first error cancels the others.
type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
	slots  chan struct{}
}

func newGroup(limit int) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(context.Background())
	return &group{cancel: cancel, slots: make(chan struct{}, limit)}, ctx
}

func (g *group) start(f func() error) {
	g.slots <- struct{}{}
	g.wg.Go(func() {
		defer func() { <-g.slots }()
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancel(err)
			})
		}
	})
}

func (g *group) wait() error {
	g.wg.Wait()
	g.cancel(g.err)
	return g.err
}

func contextFirstError() {
	g, ctx := newGroup(4)
	var cancelled atomic.Int32
	for i := range 4 {
		g.start(func() error {
			if i == 2 {
				return fmt.Errorf("task %d failed", i)
			}
			<-ctx.Done()
			cancelled.Add(1)
			return ctx.Err()
		})
	}
	fmt.Println(g.wait(), cancelled.Load(), context.Cause(ctx))
	g, _ = newGroup(2)
	var running, most atomic.Int32
	for range 30 {
		g.start(func() error {
			n := running.Add(1)
			for {
				m := most.Load()
				if n <= m || most.CompareAndSwap(m, n) {
					break
				}
			}
			running.Add(-1)
			return nil
		})
	}
	fmt.Println(g.wait(), most.Load() <= 2)
}

func contextGenerator() {
	numbers := func(ctx context.Context) <-chan int {
		c := make(chan int)
		go func() {
			defer close(c)
			for i := 1; ; i++ {
				select {
				case c <- i:
				case <-ctx.Done():
					return
				}
			}
		}()
		return c
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := numbers(ctx)
	total := 0
	for v := range c {
		total += v
		if v == 50 {
			break
		}
	}
	cancel()
	for range c {
	}
	fmt.Println(total)
}

// A context of the program's own makes the library start a goroutine to watch it.
type ownContext struct {
	context.Context
	done chan struct{}
	err  atomic.Pointer[string]
}

func (c *ownContext) Done() <-chan struct{} { return c.done }
func (c *ownContext) Err() error {
	if s := c.err.Load(); s != nil {
		return errors.New(*s)
	}
	return nil
}

func contextCustomParent() {
	parent := &ownContext{Context: context.Background(), done: make(chan struct{})}
	var kids []context.Context
	for range 3 {
		c, cancel := context.WithCancel(parent)
		defer cancel()
		kids = append(kids, c)
	}
	text := "own error"
	parent.err.Store(&text)
	close(parent.done)
	for _, k := range kids {
		<-k.Done()
		fmt.Println(k.Err(), context.Cause(k))
	}
}

func contextTimeoutChain() {
	var order []int
	var mu sync.Mutex
	var wg sync.WaitGroup
	ctx := context.Background()
	for i := range 5 {
		c, cancel := context.WithTimeout(ctx, time.Duration(60-10*i)*time.Millisecond)
		defer cancel()
		ctx = c
		wg.Go(func() {
			<-c.Done()
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(order)
	fmt.Println(order, ctx.Err())
}
