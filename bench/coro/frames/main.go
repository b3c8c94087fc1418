// Five typical goroutines, for their frames: a worker, a stage of a pipeline, a server with a quit channel, one that recurses, and
// one that locks.
package main

import "sync"

type job struct {
	id   int
	data []int
	out  chan<- int
}

func worker(jobs <-chan job) {
	for j := range jobs {
		sum := 0
		for _, x := range j.data {
			sum += x
		}
		j.out <- sum
	}
}

func stage(in <-chan int, out chan<- int, f func(int) int) {
	defer close(out)
	for x := range in {
		out <- f(x)
	}
}

type request struct {
	key   string
	reply chan string
}

func server(requests <-chan request, quit <-chan bool, store map[string]string) {
	for {
		select {
		case r := <-requests:
			r.reply <- store[r.key]
		case <-quit:
			return
		}
	}
}

type tree struct {
	left, right *tree
	value       int
}

func walk(t *tree, out chan<- int) {
	if t != nil {
		walk(t.left, out)
		out <- t.value
		walk(t.right, out)
	}
}

func counter(mu *sync.Mutex, total *int, steps int, done *sync.WaitGroup) {
	defer done.Done()
	for range steps {
		mu.Lock()
		*total++
		mu.Unlock()
	}
}

func main() {
	jobs, out := make(chan job), make(chan int)
	go worker(jobs)
	jobs <- job{1, []int{1, 2, 3}, out}
	println(<-out)
	in := make(chan int)
	go stage(in, out, func(x int) int { return x * 2 })
	in <- 21
	println(<-out)
	requests, quit, reply := make(chan request), make(chan bool), make(chan string)
	go server(requests, quit, map[string]string{"k": "v"})
	requests <- request{"k", reply}
	println(<-reply)
	quit <- true
	leaves := make(chan int)
	go walk(&tree{&tree{nil, nil, 1}, nil, 2}, leaves)
	println(<-leaves, <-leaves)
	var mu sync.Mutex
	var done sync.WaitGroup
	total := 0
	done.Add(2)
	go counter(&mu, &total, 10, &done)
	go counter(&mu, &total, 10, &done)
	done.Wait()
	println(total)
}
