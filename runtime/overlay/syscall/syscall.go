package syscall

import "unsafe"

// Assembly in gc. No such call fails.
func rawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
	r1, r2, _ = RawSyscall6(trap, a1, a2, a3, 0, 0, 0)
	return r1, r2
}

// Assembly in gc, where the child runs on the parent's stack, in its memory. Compiled code would spill values of the child's
// path where the parent keeps some of its own, so the child gets a copy of the memory, as fork gives it.
func rawVforkSyscall(trap, a1, a2, a3 uintptr) (r1 uintptr, err Errno) {
	const shared = CLONE_VM | CLONE_VFORK
	if trap == _SYS_clone3 {
		(*cloneArgs)(unsafe.Pointer(a1)).flags &^= shared
	} else {
		a1 &^= shared
	}
	r1, _, err = RawSyscall6(trap, a1, a2, a3, 0, 0, 0)
	return r1, err
}

// Assembly in gc.
func gettimeofday(timeval *Timeval) (err Errno) {
	_, _, err = RawSyscall6(SYS_GETTIMEOFDAY, uintptr(unsafe.Pointer(timeval)), 0, 0, 0, 0, 0)
	return err
}
