package runtime

import "unsafe"

// What packages os and syscall get of the process: arguments, environment, exit.

// cstrings is the strings of a C array, which are not copied, n of them or up to a null pointer.
func cstrings(p unsafe.Pointer, n int) []string {
	if n < 0 {
		n = 0
		for *(*unsafe.Pointer)(add(p, uintptr(n)*8)) != nil {
			n++
		}
	}
	list := make([]string, n)
	for i := 0; i < n; i++ {
		list[i] = cstring(*(*unsafe.Pointer)(add(p, uintptr(i)*8)))
	}
	return list
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string {
	return cstrings(argv, int(argc))
}

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string {
	return cstrings(environ, -1)
}

// os_runtime_beforeExit has nothing to do: nothing of the library registers exit hooks but coverage.
//
//go:linkname os_runtime_beforeExit os.runtime_beforeExit
func os_runtime_beforeExit(code int) {
}

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) {
	flushout()
	exit(int32(code))
}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int {
	return 4096
}

// The runtime's own settings are read once; GODEBUG follows the program's environment.

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if eqstring(key, "GODEBUG") {
		setGodebug(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if eqstring(key, "GODEBUG") {
		setGodebug("")
	}
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	setGodebug("")
}

// Starting programs: a child that was forked has this thread only and goes on to exec at once.

//go:linkname syscall_runtime_BeforeFork syscall.runtime_BeforeFork
func syscall_runtime_BeforeFork() {
}

//go:linkname syscall_runtime_AfterFork syscall.runtime_AfterFork
func syscall_runtime_AfterFork() {
}

//go:linkname syscall_runtime_AfterForkInChild syscall.runtime_AfterForkInChild
func syscall_runtime_AfterForkInChild() {
}

//go:linkname syscall_runtime_BeforeExec syscall.runtime_BeforeExec
func syscall_runtime_BeforeExec() {
}

//go:linkname syscall_runtime_AfterExec syscall.runtime_AfterExec
func syscall_runtime_AfterExec() {
}

// fcntl answers a result and an error number. Several packages ask for runtime.fcntl.
func fcntl(fd, cmd, arg int32) (int32, int32) {
	r := syscall6(sysFcntl, uintptr(fd), uintptr(cmd), uintptr(arg), 0, 0, 0)
	if r < 0 {
		return -1, *errnoLocation()
	}
	return int32(r), 0
}

// vgetrandom: the kernel's fast path into user space is not used.
func vgetrandom(p []byte, flags uint32) (n int, supported bool) {
	return -1, false
}

// GODEBUG.

var godebugUpdate func(defaults, env string)

func setGodebug(env string) {
	if godebugUpdate != nil {
		godebugUpdate("", env)
	}
}

// godebug_setUpdate gets the function that reads the settings, to be called whenever they change.
//
//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(defaults, env string)) {
	godebugUpdate = update
	setGodebug(getenv("GODEBUG\x00"))
}

// godebug_registerMetric: runtime/metrics, which would read it, is not provided.
//
//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
}

// godebug_setNewIncNonDefault: the runtime has no settings of its own whose use would be counted.
//
//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newInc func(name string) func()) {
}

// write is what internal/godebug complains with.
func write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	return int32(cwrite(int32(fd), p, uintptr(n)))
}
