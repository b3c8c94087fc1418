// A goroutine that waits keeps nothing alive of what it received or sent before.
package main

import "runtime"

type job struct {
	name string
	data [64]int
}

type pair struct {
	id int
	*job
}

var (
	dead     = make(chan string, 16)
	forever  = make(chan int)
	finished = make(chan bool)
)

//go:noinline
func newJob(name string) *job {
	j := &job{name: name}
	runtime.SetFinalizer(j, func(j *job) { dead <- j.name })
	return j
}

//go:noinline
func use(j *job) { j.data[0]++ }

func receives(jobs chan *job) {
	j := <-jobs
	use(j)
	j = nil
	finished <- true
	<-forever
}

func ranges(jobs chan pair) {
	for p := range jobs {
		use(p.job)
		finished <- true
	}
}

func sends(jobs chan *job) {
	jobs <- newJob("sent")
	finished <- true
	<-forever
}

func selects(jobs chan any, other chan *job) {
	select {
	case j := <-jobs:
		use(j.(*job))
	case other <- newJob("offered"):
	}
	finished <- true
	<-forever
}

func main() {
	jobs := make(chan *job)
	go receives(jobs)
	jobs <- newJob("received")
	pairs := make(chan pair)
	go ranges(pairs)
	pairs <- pair{1, newJob("ranged")}
	go sends(jobs)
	use(<-jobs)
	anys := make(chan any)
	go selects(anys, nil)
	anys <- newJob("selected")
	go selects(nil, jobs)
	use(<-jobs)
	for range 5 {
		<-finished
	}
	names := map[string]bool{}
	for range 10 {
		runtime.GC()
		for range 100 {
			runtime.Gosched()
		}
		for len(dead) > 0 {
			names[<-dead] = true
		}
	}
	for _, name := range []string{"received", "ranged", "sent", "selected", "offered"} {
		println(name, names[name])
	}
}
