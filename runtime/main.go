package runtime

import "unsafe"

// Where a program begins: C's main starts the first worker on a stack of its own; that worker makes the rest of the
// runtime and the main goroutine, which runs goir.start.

var (
	argc    int32
	argv    unsafe.Pointer
	environ unsafe.Pointer
	ncpu    int

	bitset [128]uint64
)

// cmain runs on the process's own stack, which has no worker: it must not allocate or print.
//
//goir:centry main
func cmain(n int32, args, env unsafe.Pointer) int32 {
	argc = n
	argv = args
	environ = env
	w := newWorkerWindow()
	if w == nil {
		return unstarted("cannot allocate a thread's stack")
	}
	sched.workers = w
	sched.nworkers = 1
	sched.active = 1
	w.given = 1
	w.wake = wakeBaton
	if !startThreadLocked(w, workerMain) {
		return unstarted("cannot start a thread")
	}
	// This thread takes no part: signals are for the others.
	var all [16]uint64
	memset(unsafe.Pointer(&all), 0xff, unsafe.Sizeof(all))
	pthread_sigmask(sigBlock, unsafe.Pointer(&all), nil)
	pthread_join(w.thread, nil)
	return unstarted("the first thread has ended")
}

// unstarted tells why the program cannot run, where there is no worker to print it. It answers the exit status.
func unstarted(why string) int32 {
	cwrite(2, strptr("fatal error: "), 13)
	cwrite(2, strptr(why), uintptr(len(why)))
	cwrite(2, strptr("\n"), 1)
	return 2
}

// goirstart initialises all packages and calls main.main. It is the compiled program's.
//
//go:linkname goirstart goir.start
func goirstart()

// bootstrap makes the runtime work and the main goroutine runnable. It runs on the first worker.
func bootstrap() {
	initClasses()
	initHeap()
	initGC()
	initSignals()
	initStop()
	keepalg()
	countProcessors()
	initProcs()
	initTraces()
	noopHandle[0] = *(*unsafe.Pointer)(recordOfThreadEntry(noopResume))
	noopHandle[1] = noopHandle[0]
	w := getworker()
	gp := newg(w)
	gp.fn = recordOfFunc(goirstart)
	w.count(1)
	sched.main = gp
	runqput(w, gp)
}

// countProcessors counts the processors that the process may run on.
func countProcessors() {
	n := syscall6(sysSchedGetaffinity, 0, unsafe.Sizeof(bitset), uintptr(unsafe.Pointer(&bitset)), 0, 0, 0)
	for i := 0; i < n/8; i++ {
		ncpu += popcount64(bitset[i])
	}
	if ncpu == 0 {
		ncpu = 1
	}
}
