package main

import (
	"bufio"
	"bytes"
	"container/heap"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var _ = topic("patterns",
	program{"pattern_sieve", patternSieve},
	program{"pattern_pipeline", patternPipeline},
	program{"pattern_fan_in_out", patternFanInOut},
	program{"pattern_worker_pool", patternWorkerPool},
	program{"pattern_bounded_parallel", patternBoundedParallel},
	program{"pattern_semaphore_weighted", patternSemaphoreWeighted},
	program{"pattern_rate_limiter", patternRateLimiter},
	program{"pattern_token_bucket", patternTokenBucket},
	program{"pattern_barrier", patternBarrier},
	program{"pattern_phaser", patternPhaser},
	program{"pattern_latch", patternLatch},
	program{"pattern_future", patternFuture},
	program{"pattern_parallel_sort", patternParallelSort},
	program{"pattern_parallel_matrix", patternParallelMatrix},
	program{"pattern_parallel_prefix", patternParallelPrefix},
	program{"pattern_map_reduce", patternMapReduce},
	program{"pattern_tree_sum", patternTreeSum},
	program{"pattern_same_fringe", patternSameFringe},
	program{"pattern_powser", patternPowerSeries},
	program{"pattern_hamming", patternHamming},
	program{"pattern_queens", patternQueens},
	program{"pattern_life", patternLife},
	program{"pattern_bank_actor", patternBankActor},
	program{"pattern_publish_subscribe", patternPublishSubscribe},
	program{"pattern_single_flight", patternSingleFlight},
	program{"pattern_cache_sharded", patternCacheSharded},
	program{"pattern_load_balancer", patternLoadBalancer},
	program{"pattern_supervisor", patternSupervisor},
	program{"pattern_dining_waiter", patternDiningWaiter},
	program{"pattern_sleeping_barber", patternSleepingBarber},
	program{"pattern_readers_writers", patternReadersWriters},
	program{"pattern_santa", patternSanta},
	program{"pattern_h2o", patternH2O},
	program{"pattern_ordered_results", patternOrderedResults},
	program{"pattern_io_pipe", patternIOPipe},
	program{"pattern_event_loop", patternEventLoop},
	program{"pattern_crawler", patternCrawler},
	program{"pattern_topological", patternTopological},
	program{"pattern_game_of_tokens", patternGameOfTokens},
	program{"pattern_backpressure", patternBackpressure},
	program{"pattern_retry", patternRetry},
	program{"pattern_multiplexer", patternMultiplexer},
)

func filter(in <-chan int, out chan<- int, p int) {
	for v := range in {
		if v%p != 0 {
			out <- v
		}
	}
}

func patternSieve() {
	numbers := make(chan int)
	go func() {
		for i := 2; ; i++ {
			numbers <- i
		}
	}()
	in := numbers
	for range 60 {
		p := <-in
		fmt.Print(p, " ")
		out := make(chan int)
		go filter(in, out, p)
		in = out
	}
	fmt.Println()
}

func stage[A, B any](in <-chan A, f func(A) B) <-chan B {
	out := make(chan B)
	go func() {
		defer close(out)
		for v := range in {
			out <- f(v)
		}
	}()
	return out
}

func source[T any](values ...T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, v := range values {
			c <- v
		}
	}()
	return c
}

func patternPipeline() {
	words := source("the", "quick", "brown", "fox", "jumps", "over", "it")
	lens := stage(words, func(s string) int { return len(s) })
	squares := stage(lens, func(n int) float64 { return float64(n*n) / 2 })
	texts := stage(squares, func(f float64) string { return fmt.Sprintf("<%.1f>", f) })
	for s := range texts {
		fmt.Print(s)
	}
	fmt.Println()
}

func merge[T any](cs ...<-chan T) <-chan T {
	out := make(chan T)
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Go(func() {
			for v := range c {
				out <- v
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

func patternFanInOut() {
	numbers := make([]int, 500)
	for i := range numbers {
		numbers[i] = i
	}
	in := source(numbers...)
	var workers []<-chan int
	for range 7 {
		workers = append(workers, stage(in, func(n int) int { return n * 3 }))
	}
	total, n := 0, 0
	for v := range merge(workers...) {
		total += v
		n++
	}
	fmt.Println(n, total)
}

func patternWorkerPool() {
	type job struct{ id, n int }
	type result struct {
		job
		value int
	}
	jobs, results := make(chan job, 5), make(chan result, 5)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for j := range jobs {
				f := 1
				for k := 2; k <= j.n; k++ {
					f = f * k % 1000007
				}
				results <- result{j, f}
			}
		})
	}
	go func() {
		for i := range 100 {
			jobs <- job{i, i * 37 % 101}
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	values := make([]int, 100)
	for r := range results {
		values[r.id] = r.value
	}
	fmt.Println(values[:12], sum(values...))
}

func patternBoundedParallel() {
	slots := make(chan bool, 3)
	var now, most atomic.Int32
	digests := make([][32]byte, 40)
	each(40, func(i int) {
		slots <- true
		defer func() { <-slots }()
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		digests[i] = sha256.Sum256(bytes.Repeat([]byte{byte(i)}, i*100))
		now.Add(-1)
	})
	all := sha256.New()
	for _, d := range digests {
		all.Write(d[:])
	}
	fmt.Printf("%x %v\n", all.Sum(nil)[:8], most.Load() <= 3)
}

// A weighted semaphore with a queue of who waits, first come first served.
type weighted struct {
	mu      sync.Mutex
	free    int
	waiters []*weightedWaiter
}
type weightedWaiter struct {
	n     int
	ready chan struct{}
}

func (s *weighted) acquire(n int) {
	s.mu.Lock()
	if s.free >= n && len(s.waiters) == 0 {
		s.free -= n
		s.mu.Unlock()
		return
	}
	w := &weightedWaiter{n, make(chan struct{})}
	s.waiters = append(s.waiters, w)
	s.mu.Unlock()
	<-w.ready
}

func (s *weighted) release(n int) {
	s.mu.Lock()
	s.free += n
	for len(s.waiters) > 0 && s.waiters[0].n <= s.free {
		s.free -= s.waiters[0].n
		close(s.waiters[0].ready)
		s.waiters = s.waiters[1:]
	}
	s.mu.Unlock()
}

func patternSemaphoreWeighted() {
	s := weighted{free: 10}
	var used, bad, runs atomic.Int32
	each(30, func(i int) {
		for k := range 20 {
			n := (i*k)%10 + 1
			s.acquire(n)
			if used.Add(int32(n)) > 10 {
				bad.Add(1)
			}
			runtime.Gosched()
			used.Add(int32(-n))
			s.release(n)
			runs.Add(1)
		}
	})
	fmt.Println(runs.Load(), bad.Load(), s.free, len(s.waiters))
}

func patternRateLimiter() {
	tick := time.NewTicker(ms)
	defer tick.Stop()
	start := time.Now()
	var times []time.Duration
	for range 6 {
		<-tick.C
		times = append(times, time.Since(start))
	}
	fmt.Println(len(times), slices.IsSorted(times), times[0] >= ms)
}

func patternTokenBucket() {
	tokens := make(chan struct{}, 3)
	for range 3 {
		tokens <- struct{}{}
	}
	stop := make(chan bool)
	go func() {
		t := time.NewTicker(ms)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case tokens <- struct{}{}:
				default:
				}
			case <-stop:
				return
			}
		}
	}()
	burst := 0
	start := time.Now()
	for range 8 {
		<-tokens
		burst++
	}
	close(stop)
	fmt.Println(burst, time.Since(start) >= 2*ms)
}

type barrier struct {
	mu    sync.Mutex
	cond  *sync.Cond
	n     int
	in    int
	round int
}

func newBarrier(n int) *barrier {
	b := &barrier{n: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.in++
	if b.in == b.n {
		b.in = 0
		b.round++
		b.cond.Broadcast()
		return
	}
	for round := b.round; round == b.round; {
		b.cond.Wait()
	}
}

func patternBarrier() {
	const n = 7
	b := newBarrier(n)
	var count [50]atomic.Int32
	var bad atomic.Int32
	each(n, func(int) {
		for r := range count {
			count[r].Add(1)
			b.wait()
			if count[r].Load() != n {
				bad.Add(1)
			}
		}
	})
	fmt.Println(bad.Load(), b.round)
}

// Dissemination barrier: log2(n) rounds of messages between pairs.
func patternPhaser() {
	const n, rounds = 8, 30
	var box [3][n]chan bool
	for r := range box {
		for i := range box[r] {
			box[r][i] = make(chan bool, 1)
		}
	}
	var phase [n]atomic.Int32
	var bad atomic.Int32
	each(n, func(me int) {
		for p := range rounds {
			phase[me].Store(int32(p + 1))
			for r := range 3 {
				box[r][(me+1<<r)%n] <- true
				<-box[r][me]
			}
			for i := range phase {
				if phase[i].Load() < int32(p+1) {
					bad.Add(1)
				}
			}
		}
	})
	fmt.Println(bad.Load())
}

func patternLatch() {
	start, done := make(chan struct{}), make(chan int)
	ready := sync.WaitGroup{}
	for i := range 10 {
		ready.Add(1)
		go func() {
			ready.Done()
			<-start
			done <- i
		}()
	}
	ready.Wait()
	select {
	case <-done:
		fmt.Println("started early")
	default:
	}
	close(start)
	total := 0
	for range 10 {
		total += <-done
	}
	fmt.Println(total)
}

type future[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func async[T any](f func() (T, error)) *future[T] {
	p := &future[T]{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer func() {
			if r := recover(); r != nil {
				p.err = fmt.Errorf("panicked: %v", r)
			}
		}()
		p.value, p.err = f()
	}()
	return p
}

func (p *future[T]) get() (T, error) { <-p.done; return p.value, p.err }

func then[A, B any](p *future[A], f func(A) (B, error)) *future[B] {
	return async(func() (b B, err error) {
		a, err := p.get()
		if err != nil {
			return b, err
		}
		return f(a)
	})
}

func patternFuture() {
	a := async(func() (int, error) { return 6, nil })
	b := then(a, func(n int) (string, error) { return strings.Repeat("x", n), nil })
	c := then(b, func(s string) (byte, error) { return s[10], nil })
	d := then(c, func(byte) (int, error) { return 1, nil })
	fmt.Println(b.get())
	fmt.Println(c.get())
	fmt.Println(d.get())
	_, err := async(func() (int, error) { return 0, errors.New("plain") }).get()
	fmt.Println(err)
}

func mergeSort(a, tmp []int, depth int) {
	if len(a) < 2 {
		return
	}
	m := len(a) / 2
	if depth > 0 {
		done := make(chan bool)
		go func() { mergeSort(a[:m], tmp[:m], depth-1); done <- true }()
		mergeSort(a[m:], tmp[m:], depth-1)
		<-done
	} else {
		mergeSort(a[:m], tmp[:m], 0)
		mergeSort(a[m:], tmp[m:], 0)
	}
	copy(tmp, a)
	i, j := 0, m
	for k := range a {
		if j == len(a) || i < m && tmp[i] <= tmp[j] {
			a[k] = tmp[i]
			i++
		} else {
			a[k] = tmp[j]
			j++
		}
	}
}

func quickSort(a []int, wg *sync.WaitGroup) {
	for len(a) > 32 {
		p, i := a[len(a)/2], 0
		j := len(a) - 1
		for i <= j {
			for a[i] < p {
				i++
			}
			for a[j] > p {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		left := a[:j+1]
		wg.Go(func() { quickSort(left, wg) })
		a = a[i:]
	}
	slices.Sort(a)
}

func patternParallelSort() {
	r := rand.New(rand.NewSource(5))
	a := r.Perm(20000)
	b := slices.Clone(a)
	mergeSort(a, make([]int, len(a)), 6)
	var wg sync.WaitGroup
	quickSort(b, &wg)
	wg.Wait()
	fmt.Println(slices.IsSorted(a), slices.Equal(a, b), a[777])
}

func patternParallelMatrix() {
	const n = 60
	var a, b, c [n][n]float64
	for i := range n {
		for j := range n {
			a[i][j], b[i][j] = float64(i*j%7), float64((i+j)%5)
		}
	}
	each(n, func(i int) {
		for j := range n {
			for k := range n {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	})
	trace, total := 0.0, 0.0
	for i := range n {
		trace += c[i][i]
		for j := range n {
			total += c[i][j]
		}
	}
	fmt.Println(trace, total)
}

func patternParallelPrefix() {
	const n, workers = 4096, 8
	x := make([]int, n)
	for i := range x {
		x[i] = i*i%17 - 8
	}
	want := slices.Clone(x)
	for i := 1; i < n; i++ {
		want[i] += want[i-1]
	}
	y := make([]int, n)
	for d := 1; d < n; d *= 2 {
		each(workers, func(w int) {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				y[i] = x[i]
				if i >= d {
					y[i] += x[i-d]
				}
			}
		})
		x, y = y, x
	}
	fmt.Println(slices.Equal(x, want), x[n-1])
}

func patternMapReduce() {
	text := strings.Fields(strings.Repeat("to be or not to be that is the question whether tis nobler in the mind to suffer ", 50))
	parts := make([]map[string]int, 8)
	each(len(parts), func(p int) {
		parts[p] = map[string]int{}
		for i := p; i < len(text); i += len(parts) {
			parts[p][text[i]]++
		}
	})
	shards := make([]map[string]int, 4)
	each(len(shards), func(s int) {
		shards[s] = map[string]int{}
		for _, part := range parts {
			for w, n := range part {
				h := fnv.New32a()
				io.WriteString(h, w)
				if int(h.Sum32()%4) == s {
					shards[s][w] += n
				}
			}
		}
	})
	var lines []string
	for _, s := range shards {
		for w, n := range s {
			lines = append(lines, fmt.Sprintf("%s:%d", w, n))
		}
	}
	sort.Strings(lines)
	fmt.Println(lines)
}

type tree struct {
	left, right *tree
	v           int
}

func build(lo, hi int) *tree {
	if lo >= hi {
		return nil
	}
	m := lo + (hi-lo)*2/5
	return &tree{build(lo, m), build(m+1, hi), m}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	c := make(chan int, 2)
	go func() { c <- t.left.sum() }()
	go func() { c <- t.right.sum() }()
	return t.v + <-c + <-c
}

func patternTreeSum() { fmt.Println(build(0, 3000).sum(), 3000*2999/2) }

func (t *tree) walk(c chan<- int) {
	if t != nil {
		t.left.walk(c)
		c <- t.v
		t.right.walk(c)
	}
}

func patternSameFringe() {
	same := func(a, b *tree) bool {
		x, y := make(chan int), make(chan int)
		go func() { a.walk(x); close(x) }()
		go func() { b.walk(y); close(y) }()
		for {
			v, ok := <-x
			w, ok2 := <-y
			if v != w || ok != ok2 {
				return false
			}
			if !ok {
				return true
			}
		}
	}
	var list *tree
	for i := 199; i >= 0; i-- {
		list = &tree{nil, list, i}
	}
	fmt.Println(same(build(0, 200), list), same(build(0, 201), list), same(build(1, 200), list), same(nil, nil))
}

// Power series as endless channels of coefficients, modulo a prime.
const prime = 1000003

func patternPowerSeries() {
	series := func(f func(int) int) <-chan int {
		c := make(chan int)
		go func() {
			for i := 0; ; i++ {
				c <- f(i)
			}
		}()
		return c
	}
	split := func(in <-chan int) (a, b chan int) {
		// Two readers at different speeds.
		a, b = make(chan int), make(chan int)
		go func() {
			var qa, qb []int
			for {
				var ca, cb chan int
				var va, vb int
				if len(qa) > 0 {
					ca, va = a, qa[0]
				}
				if len(qb) > 0 {
					cb, vb = b, qb[0]
				}
				if ca == nil || cb == nil {
					v := <-in
					qa, qb = append(qa, v), append(qb, v)
					continue
				}
				select {
				case ca <- va:
					qa = qa[1:]
				case cb <- vb:
					qb = qb[1:]
				}
			}
		}()
		return a, b
	}
	var mul func(f, g <-chan int) <-chan int
	mul = func(f, g <-chan int) <-chan int {
		c := make(chan int)
		go func() {
			var fs, gs []int
			for {
				fs, gs = append(fs, <-f), append(gs, <-g)
				s := 0
				for i := range fs {
					s += fs[i] * gs[len(gs)-1-i] % prime
				}
				c <- s % prime
			}
		}()
		return c
	}
	ones := series(func(int) int { return 1 })
	a, b := split(ones)
	p := mul(a, b) // 1, 2, 3 …
	x, y := split(p)
	q := mul(x, y)
	for range 12 {
		fmt.Print(<-q, " ")
	}
	fmt.Println()
}

func patternHamming() {
	out := make(chan int, 1)
	var feeds []chan int
	in := map[int]chan int{}
	for _, k := range []int{2, 3, 5} {
		f := make(chan int, 1000)
		g := make(chan int, 1000)
		feeds = append(feeds, f)
		in[k] = g
		go func() {
			for v := range f {
				g <- v * k
			}
		}()
	}
	go func() {
		heads := map[int]int{}
		v := 1
		for {
			out <- v
			for _, f := range feeds {
				f <- v
			}
			for k, g := range in {
				if _, ok := heads[k]; !ok || heads[k] == v {
					heads[k] = <-g
				}
			}
			v = min(heads[2], heads[3], heads[5])
		}
	}()
	for range 40 {
		fmt.Print(<-out, " ")
	}
	fmt.Println()
}

func patternQueens() {
	var count func(n, row int, cols, d1, d2 uint) int
	count = func(n, row int, cols, d1, d2 uint) int {
		if row == n {
			return 1
		}
		total := 0
		var results []chan int
		for free := ^(cols | d1 | d2) & (1<<n - 1); free != 0; free &= free - 1 {
			bit := free & -free
			if row >= 2 {
				total += count(n, row+1, cols|bit, (d1|bit)<<1, (d2|bit)>>1)
				continue
			}
			c := make(chan int)
			results = append(results, c)
			go func() { c <- count(n, row+1, cols|bit, (d1|bit)<<1, (d2|bit)>>1) }()
		}
		for _, c := range results {
			total += <-c
		}
		return total
	}
	fmt.Println(count(4, 0, 0, 0, 0), count(6, 0, 0, 0, 0), count(8, 0, 0, 0, 0))
}

// Every cell is a goroutine that tells its neighbours its state.
func patternLife() {
	const n, gens = 8, 6
	var in [n][n]chan bool
	for i := range n {
		for j := range n {
			in[i][j] = make(chan bool, 8)
		}
	}
	var world [n][n]bool
	for _, p := range [][2]int{{0, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}} {
		world[p[0]][p[1]] = true
	}
	b := newBarrier(n * n)
	each(n*n, func(id int) {
		i, j := id/n, id%n
		for range gens {
			for di := -1; di <= 1; di++ {
				for dj := -1; dj <= 1; dj++ {
					if di != 0 || dj != 0 {
						in[(i+di+n)%n][(j+dj+n)%n] <- world[i][j]
					}
				}
			}
			alive := 0
			for range 8 {
				if <-in[i][j] {
					alive++
				}
			}
			b.wait()
			world[i][j] = alive == 3 || alive == 2 && world[i][j]
			b.wait()
		}
	})
	for _, row := range world {
		for _, c := range row {
			fmt.Print(map[bool]string{true: "#", false: "."}[c])
		}
		fmt.Println()
	}
}

func patternBankActor() {
	type op struct {
		from, to, amount int
		ok               chan bool
	}
	ops := make(chan op)
	total := make(chan []int)
	go func() {
		accounts := []int{100, 100, 100, 100}
		for o := range ops {
			ok := accounts[o.from] >= o.amount
			if ok {
				accounts[o.from] -= o.amount
				accounts[o.to] += o.amount
			}
			o.ok <- ok
		}
		total <- accounts
	}()
	each(10, func(w int) {
		for i := range 50 {
			o := op{(w + i) % 4, (w + 2*i + 1) % 4, i, make(chan bool)}
			ops <- o
			<-o.ok
		}
	})
	close(ops)
	accounts := <-total
	fmt.Println(sum(accounts...), slices.Min(accounts) >= 0)
}

func patternPublishSubscribe() {
	type sub struct {
		topic string
		c     chan string
	}
	subscribe, publish, end := make(chan sub), make(chan [2]string), make(chan bool)
	go func() {
		subs := map[string][]chan string{}
		for {
			select {
			case s := <-subscribe:
				subs[s.topic] = append(subs[s.topic], s.c)
			case m := <-publish:
				for _, c := range subs[m[0]] {
					c <- m[1]
				}
			case <-end:
				for _, cs := range subs {
					for _, c := range cs {
						close(c)
					}
				}
				return
			}
		}
	}()
	got := make([]string, 6)
	var wg sync.WaitGroup
	for i := range got {
		s := sub{[]string{"news", "sport"}[i%2], make(chan string)}
		subscribe <- s
		wg.Go(func() {
			for m := range s.c {
				got[i] += m + ","
			}
		})
	}
	for i := range 4 {
		publish <- [2]string{"news", fmt.Sprint("n", i)}
		publish <- [2]string{"sport", fmt.Sprint("s", i*i)}
		publish <- [2]string{"none", "x"}
	}
	end <- true
	wg.Wait()
	fmt.Println(got)
}

func patternSingleFlight() {
	type call struct {
		wg sync.WaitGroup
		v  int
	}
	var mu sync.Mutex
	calls := map[string]*call{}
	var executions atomic.Int32
	do := func(key string, f func() int) int {
		mu.Lock()
		if c, ok := calls[key]; ok {
			mu.Unlock()
			c.wg.Wait()
			return c.v
		}
		c := new(call)
		c.wg.Add(1)
		calls[key] = c
		mu.Unlock()
		c.v = f()
		c.wg.Done()
		return c.v
	}
	var total atomic.Int32
	each(40, func(i int) {
		key := fmt.Sprint("k", i%5)
		total.Add(int32(do(key, func() int { runtime.Gosched(); executions.Add(1); return i%5 + 1 })))
	})
	fmt.Println(executions.Load(), total.Load())
}

func patternCacheSharded() {
	type shard struct {
		mu sync.RWMutex
		m  map[int]string
	}
	var shards [8]shard
	for i := range shards {
		shards[i].m = map[int]string{}
	}
	var misses atomic.Int32
	get := func(k int) string {
		s := &shards[k%8]
		s.mu.RLock()
		v, ok := s.m[k]
		s.mu.RUnlock()
		if ok {
			return v
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if v, ok := s.m[k]; ok {
			return v
		}
		misses.Add(1)
		s.m[k] = strings.Repeat("v", k%9)
		return s.m[k]
	}
	var length atomic.Int64
	each(12, func(w int) {
		for i := range 400 {
			length.Add(int64(len(get((i*w + i) % 97))))
		}
	})
	want := 0
	for w := range 12 {
		for i := range 400 {
			want += (i*w + i) % 97 % 9
		}
	}
	fmt.Println(misses.Load(), length.Load() == int64(want))
}

type balanced struct{ pending, index, id int }
type balancedHeap []*balanced

func (h balancedHeap) Len() int           { return len(h) }
func (h balancedHeap) Less(i, j int) bool { return h[i].pending < h[j].pending }
func (h balancedHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *balancedHeap) Push(x any) { w := x.(*balanced); w.index = len(*h); *h = append(*h, w) }
func (h *balancedHeap) Pop() any   { w := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return w }

func patternLoadBalancer() {
	const workers = 5
	work, done := make(chan func()), make(chan *balanced, workers*20)
	var pool balancedHeap
	queues := [workers]chan func(){}
	for i := range workers {
		w := &balanced{id: i}
		queues[i] = make(chan func(), 200)
		heap.Push(&pool, w)
		go func() {
			for f := range queues[i] {
				f()
				done <- w
			}
		}()
	}
	var total atomic.Int32
	go func() {
		for i := range 200 {
			work <- func() { total.Add(int32(i)) }
		}
		close(work)
	}()
	finished, most := 0, 0
	for finished < 200 {
		select {
		case f, ok := <-work:
			if !ok {
				work = nil
				continue
			}
			w := heap.Pop(&pool).(*balanced)
			w.pending++
			most = max(most, w.pending)
			heap.Push(&pool, w)
			queues[w.id] <- f
		case w := <-done:
			w.pending--
			heap.Fix(&pool, w.index)
			finished++
		}
	}
	fmt.Println(total.Load(), len(pool), most > 0)
}

// A supervisor restarts what panics, until it has had enough.
func patternSupervisor() {
	var log []string
	attempts := 0
	supervise := func(name string, max int, f func() string) {
		for try := 1; ; try++ {
			result := make(chan string)
			go func() {
				defer func() {
					if r := recover(); r != nil {
						result <- fmt.Sprint("crash: ", r)
					}
				}()
				result <- f()
			}()
			r := <-result
			log = append(log, fmt.Sprintf("%s %d %s", name, try, r))
			if !strings.HasPrefix(r, "crash") || try == max {
				return
			}
		}
	}
	supervise("a", 5, func() string {
		attempts++
		if attempts < 3 {
			var m map[string]int
			m["x"] = attempts
		}
		return "fine"
	})
	supervise("b", 2, func() string { return []string{}[attempts] })
	for _, l := range log {
		fmt.Println(l)
	}
}

func patternDiningWaiter() {
	const n = 5
	var forks [n]chan bool
	for i := range forks {
		forks[i] = make(chan bool, 1)
		forks[i] <- true
	}
	seats := make(chan bool, n-1) // the waiter lets one less in than there are
	var eaten [n]int
	each(n, func(i int) {
		for range 100 {
			seats <- true
			<-forks[i]
			<-forks[(i+1)%n]
			eaten[i]++
			forks[i] <- true
			forks[(i+1)%n] <- true
			<-seats
		}
	})
	fmt.Println(eaten)
}

func patternSleepingBarber() {
	chairs := make(chan int, 3)
	var cut, left atomic.Int32
	barber := make(chan bool)
	go func() {
		for range chairs {
			cut.Add(1)
			runtime.Gosched()
		}
		close(barber)
	}()
	each(100, func(i int) {
		select {
		case chairs <- i:
		default:
			left.Add(1)
		}
	})
	close(chairs)
	<-barber
	fmt.Println(cut.Load()+left.Load(), cut.Load() >= 3)
}

// Readers and writers by message passing alone.
func patternReadersWriters() {
	type request struct {
		write bool
		grant chan bool
	}
	requests, release := make(chan request), make(chan bool)
	go func() {
		readers, writing := 0, false
		var queue []request
		for {
			select {
			case r := <-requests:
				queue = append(queue, r)
			case w := <-release:
				if w {
					writing = false
				} else {
					readers--
				}
			}
			for len(queue) > 0 && !writing && (!queue[0].write || readers == 0) {
				if queue[0].write {
					writing = true
				} else {
					readers++
				}
				queue[0].grant <- true
				queue = queue[1:]
			}
		}
	}()
	x, y := 0, 0
	var bad atomic.Int32
	each(10, func(i int) {
		for range 50 {
			write := i%3 == 0
			r := request{write, make(chan bool, 1)}
			requests <- r
			<-r.grant
			if write {
				x++
				runtime.Gosched()
				y++
			} else if x != y {
				bad.Add(1)
			}
			release <- write
		}
	})
	fmt.Println(x, y, bad.Load())
}

// Nine reindeer or three elves wake Santa; reindeer first.
func patternSanta() {
	type gang struct {
		size int
		join chan chan bool
	}
	reindeer, elves := gang{9, make(chan chan bool)}, gang{3, make(chan chan bool)}
	groups := [2]chan []chan bool{make(chan []chan bool), make(chan []chan bool)}
	for k, g := range []gang{reindeer, elves} {
		go func() {
			for {
				var members []chan bool
				for len(members) < g.size {
					members = append(members, <-g.join)
				}
				groups[k] <- members
			}
		}()
	}
	var helped [2]atomic.Int32
	var wg sync.WaitGroup
	member := func(g gang, k, times int) {
		wg.Go(func() {
			for range times {
				c := make(chan bool)
				g.join <- c
				<-c // harnessed, or in the study
				helped[k].Add(1)
				<-c
			}
		})
	}
	for range 9 {
		member(reindeer, 0, 4)
	}
	for range 3 {
		member(elves, 1, 5)
	}
	serve := func(members []chan bool) {
		for range 2 {
			for _, m := range members {
				m <- true
			}
		}
	}
	deliveries, meetings := 0, 0
	for deliveries < 4 || meetings < 5 {
		select {
		case m := <-groups[0]:
			deliveries++
			serve(m)
			continue
		default:
		}
		select {
		case m := <-groups[0]:
			deliveries++
			serve(m)
		case m := <-groups[1]:
			meetings++
			serve(m)
		}
	}
	wg.Wait()
	fmt.Println(deliveries, meetings, helped[0].Load(), helped[1].Load())
}

func patternH2O() {
	h, o := make(chan chan bool), make(chan chan bool)
	var molecules atomic.Int32
	go func() {
		for {
			a, b, c := <-h, <-h, <-o
			molecules.Add(1)
			a <- true
			b <- true
			c <- true
		}
	}()
	each(90, func(i int) {
		bond := make(chan bool)
		if i%3 == 0 {
			o <- bond
		} else {
			h <- bond
		}
		<-bond
	})
	fmt.Println(molecules.Load())
}

// Results in the order of their jobs, though these end in any order: a channel of channels.
func patternOrderedResults() {
	order := make(chan chan string, 8)
	go func() {
		defer close(order)
		for i := range 40 {
			c := make(chan string, 1)
			order <- c
			go func() {
				for range (40 - i) % 7 {
					runtime.Gosched()
				}
				c <- fmt.Sprint(i * i)
			}()
		}
	}()
	for c := range order {
		fmt.Print(<-c, " ")
	}
	fmt.Println()
}

func patternIOPipe() {
	r, w := io.Pipe()
	go func() {
		bw := bufio.NewWriter(w)
		for i := range 300 {
			fmt.Fprintf(bw, "line %d of the text\n", i)
		}
		bw.Flush()
		w.CloseWithError(errors.New("the writer's end"))
	}()
	upper, uw := io.Pipe()
	go func() {
		s := bufio.NewScanner(r)
		for s.Scan() {
			fmt.Fprintln(uw, strings.ToUpper(s.Text()))
		}
		uw.CloseWithError(s.Err())
	}()
	h := sha256.New()
	n, err := io.Copy(h, upper)
	fmt.Printf("%d %v %x\n", n, err, h.Sum(nil)[:6])
}

func patternEventLoop() {
	type event func(post func(event))
	queue := make(chan event, 100)
	pending := 1
	post := func(e event) { pending++; queue <- e }
	var log []string
	var countdown func(n int) event
	countdown = func(n int) event {
		return func(post func(event)) {
			log = append(log, fmt.Sprint(n))
			if n > 0 {
				post(countdown(n - 1))
				if n%2 == 0 {
					post(func(func(event)) { log = append(log, "even") })
				}
			}
		}
	}
	queue <- countdown(4)
	for pending > 0 {
		(<-queue)(post)
		pending--
	}
	fmt.Println(log)
}

func patternCrawler() {
	links := func(n int) (out []int) {
		for _, m := range []int{n * 2, n*3 + 1, n / 2, n - 7} {
			if m >= 0 && m < 2000 {
				out = append(out, m)
			}
		}
		return out
	}
	var mu sync.Mutex
	seen := map[int]bool{1: true}
	var wg sync.WaitGroup
	var visit func(n int)
	visit = func(n int) {
		defer wg.Done()
		for _, m := range links(n) {
			mu.Lock()
			fresh := !seen[m]
			seen[m] = true
			mu.Unlock()
			if fresh {
				wg.Add(1)
				go visit(m)
			}
		}
	}
	wg.Add(1)
	go visit(1)
	wg.Wait()
	s := 0
	for n := range seen {
		s += n
	}
	fmt.Println(len(seen), s)
}

// Tasks start when all they need is done.
func patternTopological() {
	needs := map[string][]string{"link": {"a.o", "b.o", "lib"}, "a.o": {"a.c", "gen"}, "b.o": {"b.c", "gen"}, "lib": {"gen"}, "gen": nil, "a.c": nil, "b.c": nil}
	done := map[string]chan bool{}
	for t := range needs {
		done[t] = make(chan bool)
	}
	var mu sync.Mutex
	position := map[string]int{}
	var wg sync.WaitGroup
	for t, ns := range needs {
		wg.Go(func() {
			for _, n := range ns {
				<-done[n]
			}
			mu.Lock()
			position[t] = len(position)
			mu.Unlock()
			close(done[t])
		})
	}
	wg.Wait()
	good := true
	for t, ns := range needs {
		for _, n := range ns {
			good = good && position[n] < position[t]
		}
	}
	fmt.Println(len(position), good, position["link"])
}

func patternGameOfTokens() {
	// The first to take the ball hits it with the right hand; so hits are known though who hits is not.
	court := make(chan int)
	var hits [2]atomic.Int32
	go func() { court <- 0 }()
	each(2, func(p int) {
		for ball := range court {
			hits[p].Add(1)
			if ball == 99 {
				close(court)
				return
			}
			court <- ball + 1
		}
	})
	fmt.Println(hits[0].Load() + hits[1].Load())
}

func patternBackpressure() {
	a, b := make(chan int, 2), make(chan int, 2)
	var ahead, most atomic.Int32
	go func() {
		for i := range 200 {
			a <- i
			if n := ahead.Add(1); n > most.Load() {
				most.Store(n)
			}
		}
		close(a)
	}()
	go func() {
		for v := range a {
			b <- v
		}
		close(b)
	}()
	n := 0
	for range b {
		ahead.Add(-1)
		n++
		for range 3 {
			runtime.Gosched()
		}
	}
	// 2 in each buffer and one in each hand, and those counted late.
	fmt.Println(n, most.Load() <= 8)
}

func patternRetry() {
	errBusy := errors.New("busy")
	call := func(fails *int) error {
		if *fails > 0 {
			*fails--
			return fmt.Errorf("call: %w", errBusy)
		}
		return nil
	}
	results := make([]string, 6)
	each(6, func(i int) {
		fails := i
		wait := ms / 8
		for try := 1; ; try++ {
			err := call(&fails)
			if err == nil {
				results[i] = fmt.Sprint("after ", try)
				return
			}
			if !errors.Is(err, errBusy) || try == 5 {
				results[i] = "gave up: " + err.Error()
				return
			}
			time.Sleep(wait)
			wait *= 2
		}
	})
	fmt.Println(strings.Join(results, "; "))
}

// Many conversations over one pair of channels.
func patternMultiplexer() {
	type packet struct {
		conn int
		text string
	}
	up, down := make(chan packet), make(chan packet)
	go func() {
		for p := range up {
			down <- packet{p.conn, strings.ToUpper(p.text)}
		}
		close(down)
	}()
	var conns [12]chan string
	for i := range conns {
		conns[i] = make(chan string)
	}
	go func() {
		for p := range down {
			conns[p.conn] <- p.text
		}
	}()
	texts := make([]string, len(conns))
	each(len(conns), func(i int) {
		for k := range 5 {
			up <- packet{i, fmt.Sprintf("%c%d", 'a'+i, k)}
			texts[i] += <-conns[i]
		}
	})
	close(up)
	fmt.Println(texts)
}
