package runtime

// What stands in traces for functions that are not on the stack.

// panicked is where a panic began to run deferred calls. Traces show it as gc's gopanic.
//
//go:noinline
func panicked() {}

// goexit is where a goroutine's first function would return to.
//
//go:noinline
func goexit() {}

var panickedCode, goexitCode uintptr

func initTraces() {
	panickedCode = *(*uintptr)(recordOfFunc(panicked))
	goexitCode = *(*uintptr)(recordOfFunc(goexit))
	threadResumeCode = *(*uintptr)(recordOfThreadEntry(threadResume))
}
