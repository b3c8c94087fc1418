package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Deadlocks, fatal errors and signals.

var _ = topic("stops",
	program{"deadlock_receive", deadlockReceive, ""},
	program{"deadlock_send", deadlockSend, ""},
	program{"deadlock_range", deadlockRange, ""},
	program{"deadlock_select", deadlockSelect, ""},
	program{"deadlock_select_empty", deadlockSelectEmpty, ""},
	program{"deadlock_nil_receive", deadlockNilReceive, ""},
	program{"deadlock_nil_send", deadlockNilSend, ""},
	program{"deadlock_mutex", deadlockMutex, ""},
	program{"deadlock_rwmutex", deadlockRWMutex, ""},
	program{"deadlock_rwmutex_read", deadlockRWMutexRead, ""},
	program{"deadlock_waitgroup", deadlockWaitGroup, ""},
	program{"deadlock_cond", deadlockCond, ""},
	program{"deadlock_once", deadlockOnce, ""},
	program{"deadlock_cycle", deadlockCycle, "text"},
	program{"deadlock_goexit", deadlockGoexit, ""},
	program{"deadlock_goexit_others", deadlockGoexitOthers, ""},
	program{"deadlock_awaiters", deadlockAwaiters, ""},
	program{"deadlock_in_library", deadlockInLibrary, ""},
	program{"deadlock_after_timer", deadlockAfterTimer, ""},
	program{"deadlock_stopped_timer", deadlockStoppedTimer, ""},
	program{"deadlock_context", deadlockContext, ""},
	program{"deadlock_goroutines", deadlockGoroutines, ""},
	program{"unlock_mutex", unlockMutex, ""},
	program{"unlock_rwmutex", unlockRWMutex, ""},
	program{"unlock_rwmutex_read", unlockRWMutexRead, ""},
	program{"unlock_recovered", unlockRecovered, ""},
	program{"map_writes", mapWrites, "text parallel"},
	program{"map_read_write", mapReadWrite, "text parallel"},
	program{"map_iterate_write", mapIterateWrite, "text parallel"},
	program{"overflow", overflow, "text"},
	program{"overflow_goroutine", overflowGoroutine, "text"},
	program{"overflow_method", overflowMethod, "text"},
	program{"signal_int", signalInt, ""},
	program{"signal_term", signalTerm, ""},
	program{"signal_hup", signalHup, ""},
	program{"signal_int_caught", signalIntCaught, ""},
	program{"signal_int_ignored", signalIntIgnored, ""},
	program{"signal_int_reset", signalIntReset, ""},
	program{"signal_context", signalContext, ""},
	program{"signal_quit", signalQuit, "text"},
	program{"signal_quit_busy", signalQuitBusy, "text"},
	program{"signal_abort", signalAbort, "text"},
	program{"signal_usr1", signalUsr1, ""},
	program{"signal_others", signalOthers, ""},
	program{"pipe_stdout", pipeStdout, ""},
	program{"pipe_other", pipeOther, ""},
	program{"pipe_ignored", pipeIgnored, ""},
	program{"signal_segv_sent", signalSegvSent, "text"},
)

func deadlockReceive() { <-make(chan int) }
func deadlockSend()    { make(chan int) <- 1 }
func deadlockRange() {
	for v := range make(chan string) {
		fmt.Println(v)
	}
}
func deadlockSelect() {
	a, b := make(chan int), make(chan int)
	select {
	case <-a:
	case b <- 1:
	}
}
func deadlockSelectEmpty() { select {} }
func deadlockNilReceive() {
	var c chan int
	<-c
}
func deadlockNilSend() {
	var c chan int
	c <- 1
}
func deadlockMutex() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}
func deadlockRWMutex() {
	var mu sync.RWMutex
	mu.RLock()
	mu.Lock()
}
func deadlockRWMutexRead() {
	var mu sync.RWMutex
	mu.Lock()
	mu.RLock()
}
func deadlockWaitGroup() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait()
}
func deadlockCond() {
	c := sync.NewCond(new(sync.Mutex))
	c.L.Lock()
	c.Wait()
}
func deadlockOnce() {
	var once sync.Once
	once.Do(func() { once.Do(func() {}) })
}
func deadlockCycle() {
	a, b := make(chan int), make(chan int)
	go func() { a <- <-b }()
	b <- <-a
}
func deadlockGoexit() { runtime.Goexit() }
func deadlockGoexitOthers() {
	c := make(chan int)
	go func() {
		c <- <-c
	}()
	runtime.Goexit()
}

//go:noinline
func waits(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return waits(n-1, c) + 1
}
func deadlockAwaiters() {
	c := make(chan int)
	go func() {
		sink = waits(3, c)
	}()
	blocked(1, "chan receive")
	func() {
		defer func() { c = nil }()
		sink = waits(2, c)
	}()
}
func deadlockInLibrary() {
	c := make(chan int)
	fmt.Println(asks{c})
}

type asks struct{ c chan int }

func (a asks) String() string { return fmt.Sprint(<-a.c) }

func deadlockAfterTimer() {
	time.Sleep(time.Millisecond)
	fmt.Println("awake")
	<-make(chan int)
}
func deadlockStoppedTimer() {
	t := time.NewTimer(time.Hour)
	t.Stop()
	<-t.C
}
func deadlockContext() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	<-ctx.Done()
}
func deadlockGoroutines() {
	c := make(chan int)
	var mu sync.Mutex
	mu.Lock()
	go func() { c <- 1 }()
	blocked(1, "chan send")
	go func() { mu.Lock() }()
	blocked(1, "sync.Mutex.Lock")
	go func() { select {} }()
	blocked(1, "select (no cases)")
	new(sync.WaitGroup).Wait()
	<-make(chan int)
}

func unlockMutex()       { new(sync.Mutex).Unlock() }
func unlockRWMutex()     { new(sync.RWMutex).Unlock() }
func unlockRWMutexRead() { new(sync.RWMutex).RUnlock() }

// Fatal errors cannot be recovered, nor do deferred calls run.
func unlockRecovered() {
	defer fmt.Println("not run")
	defer func() { recover() }()
	var mu sync.Mutex
	mu.Unlock()
}

func mapWrites() {
	m := map[int]int{}
	for range 8 {
		go func() {
			for i := 0; ; i++ {
				m[i%100] = i
			}
		}()
	}
	select {}
}
func mapReadWrite() {
	m := map[int]int{1: 1}
	go func() {
		for i := 0; ; i++ {
			m[1] = i
		}
	}()
	for {
		sink = m[1]
	}
}

func mapIterateWrite() {
	m := map[int]int{}
	go func() {
		for i := 0; ; i++ {
			m[i%100] = i
		}
	}()
	for {
		for k := range m {
			sink = k
		}
	}
}

//go:noinline
func endless(n int) int { return endless(n+1) + n }

func overflow() { sink = endless(0) }
func overflowGoroutine() {
	go func() { sink = endless(1) }()
	select {}
}

type recursive struct{ r *recursive }

func (r *recursive) String() string { return fmt.Sprintf("%v", r.r) }
func overflowMethod() {
	r := new(recursive)
	r.r = r
	sink = r.String()
}

func kill(sig syscall.Signal) {
	syscall.Kill(os.Getpid(), sig)
	time.Sleep(time.Second)
	fmt.Println("survived", sig)
}

func signalInt()  { kill(syscall.SIGINT) }
func signalTerm() { kill(syscall.SIGTERM) }
func signalHup()  { kill(syscall.SIGHUP) }
func signalIntCaught() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go kill(syscall.SIGINT)
	fmt.Println("got", <-c)
}
func signalIntIgnored() {
	signal.Ignore(syscall.SIGINT, syscall.SIGPIPE)
	syscall.Kill(os.Getpid(), syscall.SIGINT)
	time.Sleep(5 * time.Millisecond)
	fmt.Println("still there")
}
func signalIntReset() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	syscall.Kill(os.Getpid(), syscall.SIGINT)
	fmt.Println("got", <-c)
	signal.Reset(os.Interrupt)
	kill(syscall.SIGINT)
}
func signalContext() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx))
}
func signalQuit() {
	c := make(chan int)
	for range 2 {
		go func() { sink = waits(1, c) }()
	}
	blocked(2, "chan receive")
	kill(syscall.SIGQUIT)
}
func signalQuitBusy() {
	go func() {
		for i := 0; ; i++ {
			array[i%8]++
		}
	}()
	kill(syscall.SIGQUIT)
}
func signalAbort() { kill(syscall.SIGABRT) }
func signalUsr1()  { kill(syscall.SIGUSR1) }
func signalOthers() {
	for sig := range syscall.Signal(64) {
		switch sig + 1 {
		case syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGCHLD, syscall.SIGWINCH, syscall.SIGURG, syscall.SIGIO, syscall.SIGXCPU, 40, 64:
			syscall.Kill(os.Getpid(), sig+1)
		}
	}
	time.Sleep(5 * time.Millisecond)
	fmt.Println("still there")
}
func signalSegvSent() { kill(syscall.SIGSEGV) }

// A write to a broken pipe ends the program if it is its standard output.
func pipeStdout() {
	r, w, _ := os.Pipe()
	r.Close()
	syscall.Dup2(int(w.Fd()), 1)
	_, err := fmt.Println("into the void")
	fmt.Fprintln(os.Stderr, "survived", err)
}
func pipeOther() {
	r, w, _ := os.Pipe()
	r.Close()
	_, err := w.Write([]byte("into the void"))
	fmt.Fprintln(os.Stderr, "survived", err)
}
func pipeIgnored() {
	signal.Ignore(syscall.SIGPIPE)
	pipeStdout()
}
