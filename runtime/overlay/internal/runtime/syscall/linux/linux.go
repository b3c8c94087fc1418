package linux

// Assembly in gc. The C library's function does the same, but for where it leaves the error number.
func Syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	r := csyscall(num, a1, a2, a3, a4, a5, a6)
	if r == -1 {
		return ^uintptr(0), 0, uintptr(*cerrno())
	}
	return uintptr(r), 0, 0
}

// What Syscall6 is made of.
//
//goir:extern syscall
func csyscall(num, a1, a2, a3, a4, a5, a6 uintptr) int

// The thread's error number.
//
//goir:extern __errno_location
func cerrno() *int32
