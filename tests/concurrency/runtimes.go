package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"weak"
)

// What package runtime offers about goroutines, memory under them, and goroutines that wait for files and signals.

var _ = topic("runtimes",
	program{"rt_gosched_fair", rtGoschedFair},
	program{"rt_num_goroutine", rtNumGoroutine},
	program{"rt_gomaxprocs_changes", rtGOMAXPROCSChanges},
	program{"rt_lock_os_thread", rtLockOSThread},
	program{"rt_many_alive", rtManyAlive},
	program{"rt_waves", rtWaves},
	program{"rt_deep_stacks", rtDeepStacks},
	program{"rt_busy_loops", rtBusyLoops},
	program{"rt_collect_under_load", rtCollectUnderLoad},
	program{"rt_collect_waiting_frames", rtCollectWaitingFrames},
	program{"rt_cleanups", rtCleanups},
	program{"rt_weak_pointers", rtWeakPointers},
	program{"rt_finalizer_resurrects", rtFinalizerResurrects},
	program{"rt_stack_all", rtStackAll},
	program{"rt_callers_across_waits", rtCallersAcrossWaits},
	program{"rt_closures_capture", rtClosuresCapture},
	program{"rt_spawn_from_everywhere", rtSpawnFromEverywhere},
	program{"rt_big_arguments", rtBigArguments},
	program{"rt_method_goroutines", rtMethodGoroutines},
	program{"rt_generic_goroutines", rtGenericGoroutines},
	program{"io_pipe_ping_pong", ioPipePingPong},
	program{"io_ten_thousand_reads", ioTenThousandReads},
	program{"io_close_wakes_reader", ioCloseWakesReader},
	program{"io_read_deadline", ioReadDeadline},
	program{"io_write_blocks", ioWriteBlocks},
	program{"io_blocking_syscalls", ioBlockingSyscalls},
	program{"signal_channel", signalChannel},
	program{"signal_many", signalMany},
)

// Goroutines that yield all get their turns: each goes on until all have had a hundred.
func rtGoschedFair() {
	var turns [5]atomic.Int32
	each(5, func(i int) {
		for {
			turns[i].Add(1)
			ready := 0
			for k := range turns {
				if turns[k].Load() >= 100 {
					ready++
				}
			}
			if ready == len(turns) {
				return
			}
			runtime.Gosched()
		}
	})
	fmt.Println("all had their turns")
}

func rtNumGoroutine() {
	before := runtime.NumGoroutine()
	gate := make(chan bool)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { <-gate })
	}
	fmt.Println(runtime.NumGoroutine() - before)
	close(gate)
	wg.Wait()
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
	fmt.Println(runtime.NumGoroutine() - before)
}

func rtGOMAXPROCSChanges() {
	var n atomic.Int32
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 200 {
				if w == 0 && i%20 == 0 {
					runtime.GOMAXPROCS(i/20%4 + 1)
				}
				n.Add(1)
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	runtime.GOMAXPROCS(3)
	fmt.Println(n.Load(), runtime.GOMAXPROCS(2), runtime.GOMAXPROCS(0), runtime.GOMAXPROCS(-5), runtime.NumCPU() > 0)
}

func rtLockOSThread() {
	c := make(chan int)
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		runtime.LockOSThread()
		id := syscall.Gettid()
		same := true
		for range 20 {
			<-c
			same = same && syscall.Gettid() == id
			runtime.Gosched()
			same = same && syscall.Gettid() == id
		}
		runtime.UnlockOSThread()
		runtime.UnlockOSThread()
		fmt.Println("stayed on its thread:", same)
		done <- true
	}()
	for i := range 20 {
		c <- i
	}
	<-done
	go func() {
		runtime.LockOSThread() // ends locked: its thread ends
		done <- true
	}()
	<-done
	each(5, func(int) { runtime.Gosched() })
	fmt.Println("others go on")
}

func rtManyAlive() {
	const n = 20000
	gate := make(chan int)
	sums := make(chan int)
	for i := range n {
		go func() { sums <- i + <-gate }()
	}
	go func() {
		for range n {
			gate <- 1
		}
	}()
	total := 0
	for range n {
		total += <-sums
	}
	fmt.Println(total, n*(n-1)/2+n)
}

func rtWaves() {
	var n atomic.Int64
	for range 20 {
		each(1000, func(i int) { n.Add(int64(i)) })
	}
	fmt.Println(n.Load())
}

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

func depth(n int) int {
	if n == 0 {
		return 0
	}
	var pad [20]int
	pad[n%20] = n
	return depth(n-1) + pad[n%20] - n + 1
}

func rtDeepStacks() {
	got := make([]int, 8)
	each(8, func(i int) { got[i] = depth(20000*(i+1)) + fibonacci(15) })
	fmt.Println(got)
}

// Goroutines that compute without a call do not stop the others.
func rtBusyLoops() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for !stop.Load() {
			}
		})
	}
	c := make(chan int)
	go func() {
		for i := range 10 {
			c <- i
		}
		close(c)
	}()
	total := 0
	for v := range c {
		total += v
	}
	stop.Store(true)
	wg.Wait()
	fmt.Println(total)
}

type listNode struct {
	next *listNode
	v    int
}

func rtCollectUnderLoad() {
	var wg sync.WaitGroup
	var bad atomic.Int32
	for w := range 6 {
		wg.Go(func() {
			var keep *listNode
			for i := range 3000 {
				keep = &listNode{keep, i}
				s := make([]*listNode, i%50)
				for k := range s {
					s[k] = keep
				}
				if i%300 == 0 && w%2 == 0 {
					runtime.GC()
				}
			}
			for want := 2999; keep != nil; keep, want = keep.next, want-1 {
				if keep.v != want {
					bad.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(bad.Load())
}

func holder(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	p := &listNode{&listNode{nil, n}, n * 2}
	v := holder(n-1, c)
	return v + p.v - p.next.v
}

// What only suspended frames refer to is kept.
func rtCollectWaitingFrames() {
	c := make(chan int)
	results := make(chan int)
	for i := range 50 {
		go func() { results <- holder(i, c) }()
	}
	blocked(50, "chan receive")
	for range 3 {
		runtime.GC()
		for range 2000 {
			_ = &listNode{nil, -1}
		}
	}
	total := 0
	for range 50 {
		c <- 1
		total += <-results
	}
	fmt.Println(total)
}

func rtCleanups() {
	done := make(chan int, 100)
	for i := range 20 {
		x := new([10]int)
		c := runtime.AddCleanup(x, func(n int) { done <- n }, i)
		if i%4 == 0 {
			c.Stop()
		}
		runtime.KeepAlive(x)
	}
	seen := map[int]bool{}
	for len(seen) < 14 { // the last one may still be on the stack
		runtime.GC()
		select {
		case n := <-done:
			if n%4 == 0 || seen[n] {
				fmt.Println("wrong", n)
			}
			seen[n] = true
		case <-time.After(ms):
		}
	}
	fmt.Println("cleaned up")
}

func rtWeakPointers() {
	strong := &[4]int{1, 2, 3, 4}
	w := weak.Make(strong)
	fmt.Println(w.Value() == strong, w == weak.Make(strong))
	var bad atomic.Int32
	each(4, func(int) {
		for range 100 {
			if p := w.Value(); p == nil || p[2] != 3 {
				bad.Add(1)
			}
			runtime.Gosched()
		}
	})
	runtime.GC()
	fmt.Println(bad.Load(), w.Value() != nil)
	runtime.KeepAlive(strong)
	var ws []weak.Pointer[[64]int]
	for range 50 {
		ws = append(ws, weak.Make(new([64]int)))
	}
	gone := 0
	for range 100 {
		runtime.GC()
		gone = 0
		for _, w := range ws {
			if w.Value() == nil {
				gone++
			}
		}
		if gone >= 45 {
			break
		}
	}
	fmt.Println(gone >= 45)
}

func rtFinalizerResurrects() {
	var saved atomic.Pointer[[4]int]
	func() {
		x := &[4]int{5, 6, 7, 8}
		runtime.SetFinalizer(x, func(x *[4]int) { saved.Store(x) })
	}()
	func(a [200]int) { _ = a }([200]int{}) // over what may be left on the stack
	for saved.Load() == nil {
		runtime.GC()
		time.Sleep(ms)
	}
	runtime.GC()
	fmt.Println(*saved.Load())
}

func waitsHere(c chan int) { <-c }

func rtStackAll() {
	c := make(chan int)
	for range 3 {
		go waitsHere(c)
	}
	go func() { c <- <-c }()
	blocked(4, "chan receive")
	buf := make([]byte, 1<<16)
	text := string(buf[:runtime.Stack(buf, true)])
	fmt.Println(strings.Count(text, "main.waitsHere("), strings.Count(text, "created by main.rtStackAll in goroutine "),
		strings.HasPrefix(text, "goroutine "), strings.Contains(text, "[running]:\nmain.rtStackAll("))
	mine := string(debug.Stack())
	fmt.Println(strings.Contains(mine, "main.rtStackAll("), strings.Contains(mine, "waitsHere"))
}

func callersHere(c chan int) []string {
	<-c
	var pcs [20]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	var names []string
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "main.") {
			return names
		}
		names = append(names, fmt.Sprint(strings.TrimPrefix(f.Function, "main."), ":", f.Line > 0))
		if !more {
			return names
		}
	}
}

func callersMiddle(c chan int) []string { <-c; return callersHere(c) }

func rtCallersAcrossWaits() {
	c := make(chan int)
	out := make(chan []string)
	go func() { out <- callersMiddle(c) }()
	c <- 1
	c <- 2
	fmt.Println(<-out)
}

func rtClosuresCapture() {
	n := 0
	var fs []func() int
	for i := range 5 {
		fs = append(fs, func() int { n += i; return n*10 + i })
	}
	c := make(chan int)
	for _, f := range fs {
		go func() { c <- f() }()
		fmt.Print(<-c, " ")
	}
	x, y := 1, 2
	done := make(chan bool)
	go func(x int) {
		y += x
		x = 100
		done <- true
	}(x + 10)
	<-done
	fmt.Println(n, x, y)
}

var initialised = func() int {
	c := make(chan int)
	go func() { c <- 40 }()
	return <-c + 2
}()

func rtSpawnFromEverywhere() {
	var wg sync.WaitGroup
	var n atomic.Int32
	add := func() { n.Add(1); wg.Done() }
	wg.Add(6)
	defer func() { fmt.Println("main is not done before", n.Load()) }()
	go add()
	defer wg.Wait()
	defer func() { go add() }()
	func() {
		defer func() { recover(); go add() }()
		panic(1)
	}()
	time.AfterFunc(0, func() { go add() })
	strings.Map(func(r rune) rune { go add(); return r }, "x")
	go func() { go func() { go add() }() }()
	fmt.Println(initialised)
}

type wide struct {
	a [30]int
	s string
	e error
}

func takes(w wide, c chan wide, f func(wide) wide, rest ...wide) {
	for _, r := range rest {
		w.a[0] += r.a[29]
	}
	c <- f(w)
}

func rtBigArguments() {
	c := make(chan wide)
	w := wide{s: "s", e: io.EOF}
	w.a[29] = 5
	go takes(w, c, func(w wide) wide { w.s += "!"; return w }, w, w, w)
	w.a[29] = 99 // arguments are evaluated at the go statement
	r := <-c
	fmt.Println(r.a[0], r.a[29], r.s, r.e)
}

type counter struct{ n atomic.Int32 }

func (c *counter) add(k int32, done chan<- *counter) { c.n.Add(k); done <- c }
func (c counter2) report(done chan<- *counter)       { done <- c.counter }

type counter2 struct{ *counter }
type reporter interface{ report(chan<- *counter) }

func rtMethodGoroutines() {
	c, done := new(counter), make(chan *counter)
	go c.add(1, done)
	f := c.add
	go f(10, done)
	go (*counter).add(c, 100, done)
	var r reporter = counter2{c}
	go r.report(done)
	go counter2{c}.add(1000, done)
	go reporter.report(r, done)
	for range 6 {
		<-done
	}
	fmt.Println(c.n.Load())
}

type ordered interface{ ~int | ~string }

func maxOf[T ordered](in <-chan T) <-chan T {
	out := make(chan T, 1)
	go func() {
		var best T
		for v := range in {
			best = max(best, v)
		}
		out <- best
	}()
	return out
}

func rtGenericGoroutines() {
	type id int
	fmt.Println(<-maxOf(source(3, 9, 4)), <-maxOf(source("b", "zz", "c")), <-maxOf(source[id](7, 2)))
}

func ioPipePingPong() {
	r1, w1, _ := os.Pipe()
	r2, w2, _ := os.Pipe()
	go func() {
		defer w2.Close()
		s := bufio.NewScanner(r1)
		for s.Scan() {
			fmt.Fprintln(w2, s.Text()+"!")
		}
	}()
	back := bufio.NewReader(r2)
	text := "a"
	for range 50 {
		fmt.Fprintln(w1, text)
		line, err := back.ReadString('\n')
		if err != nil {
			fmt.Println(err)
		}
		text = strings.TrimSpace(line)
	}
	w1.Close()
	_, err := back.ReadByte()
	fmt.Println(text[1:10], len(text), err)
}

// Ten thousand goroutines, each blocked in a read of a pipe of its own (as many as there may be open files for).
func ioTenThousandReads() {
	n := 10000
	limit := syscall.Rlimit{Cur: 21000, Max: 21000}
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // only root may ask for more than there was
	syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	n = min(n, int(limit.Cur-100)/2)
	writers := make([]*os.File, n)
	sums := make(chan int)
	for i := range n {
		r, w, err := os.Pipe()
		if err != nil {
			fmt.Println(err)
			return
		}
		writers[i] = w
		go func() {
			var b [8]byte
			total := 0
			for {
				k, err := r.Read(b[:])
				for _, x := range b[:k] {
					total += int(x)
				}
				if err != nil {
					r.Close()
					sums <- total
					return
				}
			}
		}()
	}
	for round := range 2 {
		for i, w := range writers {
			w.Write([]byte{byte(i % 7), byte(round)})
		}
	}
	threads, err := os.ReadDir("/proc/self/task")
	fmt.Println(len(threads) < 100, err)
	for _, w := range writers {
		w.Close()
	}
	total, want := 0, 0
	for i := range n {
		total += <-sums
		want += i%7*2 + 1
	}
	fmt.Println(total == want)
}

func ioCloseWakesReader() {
	r, w, _ := os.Pipe()
	errs := make(chan error)
	for range 3 {
		go func() {
			_, err := r.Read(make([]byte, 1))
			errs <- err
		}()
	}
	time.Sleep(ms)
	r.Close()
	for range 3 {
		fmt.Println(errors.Is(<-errs, os.ErrClosed))
	}
	_, err := w.Write([]byte("x"))
	fmt.Println(errors.Is(err, syscall.EPIPE))
}

func ioReadDeadline() {
	r, w, _ := os.Pipe()
	defer w.Close()
	r.SetReadDeadline(time.Now().Add(3 * ms))
	_, err := r.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	r.SetReadDeadline(time.Time{})
	go func() { w.Write([]byte("z")) }()
	var b [1]byte
	n, err := r.Read(b[:])
	fmt.Println(n, err, string(b[:]))
	done := make(chan error)
	go func() {
		_, err := r.Read(b[:])
		done <- err
	}()
	r.SetReadDeadline(time.Unix(1, 0))
	fmt.Println(errors.Is(<-done, os.ErrDeadlineExceeded))
}

func ioWriteBlocks() {
	r, w, _ := os.Pipe()
	wrote := make(chan int)
	go func() {
		n, _ := w.Write(make([]byte, 1<<20))
		w.Close()
		wrote <- n
	}()
	total := 0
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		total += n
		if err != nil {
			break
		}
	}
	fmt.Println(total, <-wrote)
}

// System calls that block their thread do not keep other goroutines from running.
func ioBlockingSyscalls() {
	var fds [2]int
	syscall.Pipe(fds[:])
	got := make(chan byte, 4)
	for range 4 {
		go func() {
			var b [1]byte
			syscall.Read(fds[0], b[:])
			got <- b[0]
		}()
	}
	c := make(chan int)
	go func() {
		for i := range 100 {
			c <- i
		}
		close(c)
	}()
	total := 0
	for v := range c {
		total += v
	}
	syscall.Write(fds[1], []byte{1, 2, 3, 4})
	s := 0
	for range 4 {
		s += int(<-got)
	}
	fmt.Println(total, s)
}

func signalChannel() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	for range 3 {
		syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		fmt.Println(<-c)
	}
	signal.Stop(c)
	signal.Ignore(syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	select {
	case s := <-c:
		fmt.Println("after Stop", s)
	case <-time.After(ms):
		fmt.Println("ignored", signal.Ignored(syscall.SIGUSR1))
	}
}

func signalMany() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2, syscall.SIGHUP)
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !stop.Load() {
				_ = make([]int, 100)
				runtime.Gosched()
			}
		})
	}
	seen := map[os.Signal]bool{}
	for len(seen) < 2 {
		syscall.Kill(os.Getpid(), syscall.SIGUSR2)
		syscall.Kill(os.Getpid(), syscall.SIGHUP)
		seen[<-c] = true
	}
	stop.Store(true)
	wg.Wait()
	fmt.Println(len(seen))
}
