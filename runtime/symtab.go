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
)

func (e *pcEntry) str(i uint32) string {
	s := (*[2]uint32)(add(unsafe.Pointer(e), uintptr(e.strs)+uintptr(i)*8))
	return makestring(add(unsafe.Pointer(e), uintptr(s[0])), int(s[1]))
}

func (e *pcEntry) fn(i uint32) *pcFunc {
	return (*pcFunc)(add(unsafe.Pointer(e), uintptr(e.funcs)+uintptr(i)*24))
}

func (e *pcEntry) row(i uint32) *pcRow {
	return (*pcRow)(add(unsafe.Pointer(e), uintptr(e.rows)+uintptr(i)*12))
}

func (e *pcEntry) ctx(i uint32) *pcCtx {
	return (*pcCtx)(add(unsafe.Pointer(e), uintptr(e.ctxs)+uintptr(i)*20))
}

// findEntry is the table of the object file that has pc, nil if none has.
func findEntry(pc uintptr) *pcEntry {
	end := uintptr(pctabend())
	for p := (uintptr(pctabstart()) + 7) &^ 7; p+unsafe.Sizeof(pcEntry{}) <= end; {
		e := (*pcEntry)(unsafe.Pointer(p))
		if pc-uintptr(e.text) < uintptr(e.size) {
			return e
		}
		if e.entrySize == 0 {
			return nil
		}
		p += (uintptr(e.entrySize) + 7) &^ 7
	}
	return nil
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

// frameWalk goes through the functions at one pc, inlined ones first.
type frameWalk struct {
	e      *pcEntry
	f      *pcFunc
	pc     uintptr
	ctx    uint32
	line   uint32
	more   bool
	inline bool // the function was inlined into the next one
}

// look finds the functions at pc. It reports whether anything is known of it.
func (k *frameWalk) look(pc uintptr) bool {
	k.more = false
	k.pc = pc
	k.e = findEntry(pc)
	if k.e == nil {
		return false
	}
	off := uint32(pc - uintptr(k.e.text))
	k.f = k.e.findFunc(off)
	r := k.e.findRow(off)
	if k.f == nil || r == nil || r.ctx >= k.e.nctxs {
		return false
	}
	k.ctx = r.ctx
	k.line = r.line
	k.more = true
	return true
}

func (k *frameWalk) name() string {
	return k.e.str(k.e.ctx(k.ctx).name)
}

func (k *frameWalk) file() string {
	return k.e.str(k.e.ctx(k.ctx).file)
}

func (k *frameWalk) wrapper() bool {
	return k.e.ctx(k.ctx).flags&flagWrapper != 0
}

func (k *frameWalk) inlined() bool {
	return k.e.ctx(k.ctx).parent != noParent
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
