package runtime

// What internal/poll asks of the runtime's poller. There is none yet: no file can be polled, so package os leaves files in
// blocking mode, and reading from a pipe blocks its thread.

const (
	ePERM     = 1
	pollNoErr = 0
)

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {
}

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (ctx uintptr, errno int) {
	return 0, ePERM
}
