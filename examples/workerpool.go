// A worker pool: jobs are handed out over one channel and results come back over another, in whatever order they are
// done. A job that panics becomes an error, and the pool goes on.
package main

type job struct {
	id, from, to int
}

type result struct {
	id    int
	value uint64
	err   error
}

// jobError says which job failed and why.
type jobError struct {
	id     int
	reason string
}

func (e *jobError) Error() string { return e.reason }

// collatz returns the number of steps that n needs to come to 1.
func collatz(n int) (steps uint64) {
	if n <= 0 {
		panic("collatz of a number that is not positive")
	}
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return steps
}

// run does one job; the error tells of a panic in it.
func run(j job) (r result) {
	r.id = j.id
	defer func() {
		if reason, ok := recover().(string); ok {
			r.err = &jobError{j.id, reason}
		}
	}()
	for n := j.from; n < j.to; n++ {
		r.value += collatz(n)
	}
	return r
}

func worker(jobs <-chan job, results chan<- result, quit <-chan bool, stopped chan<- bool) {
	for {
		select {
		case j := <-jobs:
			results <- run(j)
		case <-quit:
			stopped <- true
			return
		}
	}
}

func main() {
	const workers, count, size = 4, 40, 500
	jobs := make(chan job)
	results := make(chan result, 8)
	quit := make(chan bool)
	stopped := make(chan bool)
	for i := 0; i < workers; i++ {
		go worker(jobs, results, quit, stopped)
	}
	go func() {
		for i := 0; i < count; i++ {
			j := job{id: i, from: i*size + 1, to: (i + 1) * size}
			if i%13 == 7 {
				j.from = -j.from
			}
			jobs <- j
		}
	}()

	var values [count]uint64
	failed := map[int]error{}
	for range count {
		r := <-results
		if r.err != nil {
			failed[r.id] = r.err
			continue
		}
		values[r.id] = r.value
	}
	close(quit)
	for i := 0; i < workers; i++ {
		<-stopped
	}

	var sum uint64
	for id, value := range values {
		sum += value
		if id%8 == 0 {
			println("job", id, "value", value)
		}
		if err := failed[id]; err != nil {
			println("job", id, "failed:", err.Error())
		}
	}
	println("jobs:", count, "failed:", len(failed), "sum:", sum)
}
