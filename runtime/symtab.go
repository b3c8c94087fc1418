package runtime

import "unsafe"

// From addresses in code to functions, files and lines: the table of docs/abi.md, section goir_pctab.

type pcEntry struct {
	text      uint64
	size      uint64
	entrySize uint32
	nfuncs    uint32
	funcs     uint32
	nrows     uint32
	rows      uint32
	nctxs     uint32
	ctxs      uint32
	nstrs     uint32
	strs      uint32
}

type pcFunc struct {
	start, end uint32
	name       uint32
	line       uint32
	file       uint32
	flags      uint32
	at         uint32
}

type pcRow struct {
	pc, line, ctx uint32
}

type pcCtx struct {
	name, file, parent, callLine, flags uint32
}

const (
	noParent    = 0xffffffff
	flagWrapper = 1
	flagHidden  = 4
)

func (e *pcEntry) str(i uint32) string {
	s := (*[2]uint32)(add(unsafe.Pointer(e), uintptr(e.strs)+uintptr(i)*8))
	return makestring(add(unsafe.Pointer(e), uintptr(s[0])), int(s[1]))
}

func (e *pcEntry) fn(i uint32) *pcFunc {
	return (*pcFunc)(add(unsafe.Pointer(e), uintptr(e.funcs)+uintptr(i)*28))
}

func (e *pcEntry) row(i uint32) *pcRow {
	return (*pcRow)(add(unsafe.Pointer(e), uintptr(e.rows)+uintptr(i)*12))
}

func (e *pcEntry) ctx(i uint32) *pcCtx {
	return (*pcCtx)(add(unsafe.Pointer(e), uintptr(e.ctxs)+uintptr(i)*20))
}

// pcIndex is the entries sorted by address, made when the first pc is looked up.
var pcIndex struct {
	lock    mutex
	entries uintptr // atomic: [n]*pcEntry
	n       uintptr
}

func nextEntry(p uintptr) uintptr {
	end := uintptr(pctabend())
	p = (p + 7) &^ 7
	if p+unsafe.Sizeof(pcEntry{}) > end || (*pcEntry)(unsafe.Pointer(p)).entrySize == 0 {
		return 0
	}
	return p
}

func indexedEntry(i uintptr) *pcEntry {
	return *(**pcEntry)(unsafe.Pointer(pcIndex.entries + i*8))
}

func makePcIndex() {
	lock(&pcIndex.lock)
	if pcIndex.entries == 0 {
		size := uintptr(0)
		for p := nextEntry(uintptr(pctabstart())); p != 0; p = nextEntry(p + uintptr((*pcEntry)(unsafe.Pointer(p)).entrySize)) {
			size++
		}
		entries := sysAlloc((size + 1) * 8)
		n := uintptr(0)
		for p := nextEntry(uintptr(pctabstart())); p != 0; p = nextEntry(p + uintptr((*pcEntry)(unsafe.Pointer(p)).entrySize)) {
			// The linker has kept the order nearly everywhere.
			e := (*pcEntry)(unsafe.Pointer(p))
			i := n
			for ; i > 0; i-- {
				before := loadptr(entries + (i-1)*8)
				if (*pcEntry)(unsafe.Pointer(before)).text <= e.text {
					break
				}
				*(*uintptr)(unsafe.Pointer(entries + i*8)) = before
			}
			*(*uintptr)(unsafe.Pointer(entries + i*8)) = p
			n++
		}
		pcIndex.n = n
		atomicstorerel64(&pcIndex.entries, entries)
	}
	unlock(&pcIndex.lock)
}

// findEntry is the table of the object file that has pc, nil if none has.
func findEntry(pc uintptr) *pcEntry {
	if atomicload64(&pcIndex.entries) == 0 {
		makePcIndex()
	}
	lo, hi := uintptr(0), pcIndex.n
	for lo < hi {
		mid := (lo + hi) / 2
		if uintptr(indexedEntry(mid).text) <= pc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return nil
	}
	e := indexedEntry(lo - 1)
	if pc-uintptr(e.text) >= uintptr(e.size) {
		return nil
	}
	return e
}

// findFunc is the function at offset off, nil if there is none.
func (e *pcEntry) findFunc(off uint32) *pcFunc {
	lo, hi := uint32(0), e.nfuncs
	for lo < hi {
		mid := (lo + hi) / 2
		if e.fn(mid).start <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return nil
	}
	f := e.fn(lo - 1)
	if off >= f.end {
		return nil
	}
	return f
}

// findRow is the row that holds at offset off, nil if there is none.
func (e *pcEntry) findRow(off uint32) *pcRow {
	lo, hi := uint32(0), e.nrows
	for lo < hi {
		mid := (lo + hi) / 2
		if e.row(mid).pc <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return nil
	}
	return e.row(lo - 1)
}

// A frame's address in a trace says more than a return address does; code lies below 4 GiB:
//
//	bits  0..31  return address; of a suspended coroutine: its code's, plus 1
//	     32..55  of a suspended coroutine: the line where it waits
//	     56..63  how many functions that were inlined at the address are inside of this one
const (
	lineShift  = 32
	lineMask   = 1<<24 - 1
	depthShift = 56
	addrMask   = 1<<32 - 1
)

// frameWalk goes through the functions at one address, inlined ones first.
type frameWalk struct {
	e    *pcEntry
	f    *pcFunc
	pc   uintptr
	ctx  uint32
	line uint32
	more bool
}

// look finds the functions at pc. It reports whether anything is known of it.
func (k *frameWalk) look(pc uintptr) bool {
	k.more = false
	k.pc = pc
	addr := pc & addrMask
	k.e = findEntry(addr)
	if k.e == nil {
		return false
	}
	off := uint32(addr - uintptr(k.e.text))
	k.f = k.e.findFunc(off)
	r := k.e.findRow(off)
	if k.f == nil || r == nil || r.ctx >= k.e.nctxs {
		return false
	}
	k.ctx = r.ctx
	k.line = r.line
	k.more = true
	if line := uint32(pc>>lineShift) & lineMask; line != 0 {
		for c := k.e.ctx(k.ctx); c.parent != noParent; c = k.e.ctx(k.ctx) {
			k.ctx = c.parent
		}
		k.line = line
	}
	for depth := pc >> depthShift; depth > 0 && k.more; depth-- {
		k.next()
	}
	return k.more
}

func (k *frameWalk) name() string {
	return k.e.str(k.e.ctx(k.ctx).name)
}

func (k *frameWalk) file() string {
	return k.e.str(k.e.ctx(k.ctx).file)
}

// hidden reports whether the function is not shown: a wrapper, or a part of the runtime that programs do not call.
func (k *frameWalk) hidden() bool {
	return k.e.ctx(k.ctx).flags&(flagWrapper|flagHidden) != 0
}

func (k *frameWalk) inlined() bool {
	return k.e.ctx(k.ctx).parent != noParent
}

// entry is the address of the code of the function that is not inlined.
func (k *frameWalk) entry() uintptr {
	return uintptr(k.e.text) + uintptr(k.f.start)
}

// next goes to the function this one was inlined into.
func (k *frameWalk) next() {
	c := k.e.ctx(k.ctx)
	if c.parent == noParent {
		k.more = false
		return
	}
	k.line = c.callLine
	k.ctx = c.parent
}
