package runtime

import "unsafe"

// The edge counters of a program built with --edge-profile (lowering/edge_profile.go): written as text when it ends,
// to the file that the variable GOIR_EDGE_PROFILE names, else to edge-profile.txt in its folder. One line for each counter:
// the count, a tab, and the compiler's line for it.

var edges struct {
	counters unsafe.Pointer
	number   int
	names    string
	path     unsafe.Pointer
	begun    uint32
	used     int
	buffer   [4096]byte
}

const (
	sysOpen  = 2
	sysClose = 3
	// O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC
	openForWriting = 0x1 | 0x40 | 0x200 | 0x80000
)

// edgeprofile makes a program's counters known. names has a line for each.
func edgeprofile(counters unsafe.Pointer, number int, names string) {
	edges.path = cgetenv(strptr("GOIR_EDGE_PROFILE\x00"))
	if edges.path == nil {
		edges.path = strptr("edge-profile.txt\x00")
	}
	edges.names = names
	edges.number = number
	edges.counters = counters
}

// exit ends the program. Every way out leads through it.
func exit(code int32) {
	dumpedges()
	cexit(code)
}

// dumpedges writes the counters. It may run in a signal handler: it does not allocate.
func dumpedges() {
	if edges.counters == nil || xchg32(&edges.begun, 1) != 0 {
		return
	}
	fd := syscall6(sysOpen, uintptr(edges.path), openForWriting, 0o644, 0, 0, 0)
	if fd < 0 {
		return
	}
	at := 0
	for i := 0; i < edges.number; i++ {
		edgenumber(int32(fd), *(*uint64)(add(edges.counters, uintptr(i)*8)))
		edgebyte(int32(fd), '\t')
		for at < len(edges.names) {
			c := edges.names[at]
			at++
			edgebyte(int32(fd), c)
			if c == '\n' {
				break
			}
		}
	}
	edgeflush(int32(fd))
	syscall6(sysClose, uintptr(fd), 0, 0, 0, 0, 0)
}

func edgenumber(fd int32, n uint64) {
	power := uint64(1)
	for n/power >= 10 {
		power *= 10
	}
	for ; power > 0; power /= 10 {
		edgebyte(fd, byte('0'+n/power%10))
	}
}

func edgebyte(fd int32, c byte) {
	if edges.used == len(edges.buffer) {
		edgeflush(fd)
	}
	edges.buffer[edges.used] = c
	edges.used++
}

func edgeflush(fd int32) {
	cwrite(fd, unsafe.Pointer(&edges.buffer), uintptr(edges.used))
	edges.used = 0
}
