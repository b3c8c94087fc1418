package runtime

import "unsafe"

// Modes that make errors of memory management show, from the environment:
//
//	GOIR_GCSTRESS=N  collect at every Nth allocation that is not of size 0
//	GOIR_POISON=1    fill objects that were freed and frames that have ended with 0xdb
//	GOIR_WHYLIVE=1   tell what keeps objects with finalizers and cleanups alive (whylive.go)

var stress struct {
	gc      uint32
	count   uint32 // atomic
	poison  bool
	trace   bool // GODEBUG=gctrace=1
	whylive bool
}

const poisonByte = 0xdb

func initStress() {
	if n, ok := atoi(getenv("GOIR_GCSTRESS\x00")); ok && n > 0 {
		stress.gc = uint32(n)
	}
	stress.poison = eqstring(getenv("GOIR_POISON\x00"), "1")
	stress.whylive = eqstring(getenv("GOIR_WHYLIVE\x00"), "1")
	stress.trace = hasSetting(getenv("GODEBUG\x00"), "gctrace=1")
}

// hasSetting reports whether a list of settings separated by commas has one.
func hasSetting(list, setting string) bool {
	for i := 0; i+len(setting) <= len(list); i++ {
		end := i + len(setting)
		if (i == 0 || list[i-1] == ',') && (end == len(list) || list[end] == ',') && eqstring(list[i:end], setting) {
			return true
		}
	}
	return false
}

// stressed reports whether the allocation that asks is one to collect at.
func stressed() bool {
	return stress.gc != 0 && xadd32(&stress.count, 1)%stress.gc == 0
}

func poison(p, n uintptr) {
	memset(unsafe.Pointer(p), poisonByte, n)
}

// poisonSlots poisons slots from i on: those whose bit is set.
func (s *mspan) poisonSlots(i uintptr, bits uint64) {
	for bits != 0 {
		poison(s.base+(i+uintptr(ctz64(bits)))*s.elemsize, s.elemsize)
		bits &= bits - 1
	}
}
