package runtime

import "unsafe"

// Run-time errors: what panics carry when the language, not the program, raises them.

// Error identifies a run time error.
type Error interface {
	error

	// RuntimeError does nothing; it tells run time errors from other errors.
	RuntimeError()
}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	inter    *_type
	concrete *_type
	asserted *_type
	missing  string // method that the concrete type lacks
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	inter := "interface"
	if e.inter != nil {
		inter = e.inter.string()
	}
	as := e.asserted.string()
	if e.concrete == nil {
		return "interface conversion: " + inter + " is nil, not " + as
	}
	cs := e.concrete.string()
	if e.missing != "" {
		return "interface conversion: " + cs + " is not " + as + ": missing method " + e.missing
	}
	msg := "interface conversion: " + inter + " is " + cs + ", not " + as
	if cs == as {
		if e.concrete.pkgPath() != e.asserted.pkgPath() {
			msg += " (types from different packages)"
		} else {
			msg += " (types from different scopes)"
		}
	}
	return msg
}

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	_ [0]*PanicNilError
}

func (*PanicNilError) Error() string {
	return "runtime error: panic called with nil argument"
}

func (*PanicNilError) RuntimeError() {}

type errorString string

func (e errorString) RuntimeError() {}

func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is an error whose text has no prefix.
type plainError string

func (e plainError) RuntimeError() {}

func (e plainError) Error() string { return string(e) }

// boundsError is an index or slice expression out of range: x is the offending value, y what it was compared with.
type boundsError struct {
	x      int64
	y      int
	signed bool
	kind   uint8
}

// Kinds of bounds errors; the slice kinds are those of panicslice plus 1.
const (
	boundsIndex = iota
	boundsSliceLen
	boundsSliceCap
	boundsSlice
	boundsSlice3Len
	boundsSlice3Cap
	boundsSlice3High
	boundsSlice3Low
	boundsConvert
)

func (e boundsError) RuntimeError() {}

func (e boundsError) Error() string {
	x := itoa(e.x)
	if !e.signed {
		x = utoa(uint64(e.x))
	}
	y := itoa(int64(e.y))
	neg := e.signed && e.x < 0
	slice := "runtime error: slice bounds out of range ["
	switch e.kind {
	case boundsIndex:
		if neg {
			return "runtime error: index out of range [" + x + "]"
		}
		return "runtime error: index out of range [" + x + "] with length " + y
	case boundsSliceLen, boundsSliceCap:
		if neg {
			return slice + ":" + x + "]"
		}
		if e.kind == boundsSliceLen {
			return slice + ":" + x + "] with length " + y
		}
		return slice + ":" + x + "] with capacity " + y
	case boundsSlice:
		if neg {
			return slice + x + ":]"
		}
		return slice + x + ":" + y + "]"
	case boundsSlice3Len, boundsSlice3Cap:
		if neg {
			return slice + "::" + x + "]"
		}
		if e.kind == boundsSlice3Len {
			return slice + "::" + x + "] with length " + y
		}
		return slice + "::" + x + "] with capacity " + y
	case boundsSlice3High:
		if neg {
			return slice + ":" + x + ":]"
		}
		return slice + ":" + x + ":" + y + "]"
	case boundsSlice3Low:
		if neg {
			return slice + x + "::]"
		}
		return slice + x + ":" + y + ":]"
	}
	return "runtime error: cannot convert slice with length " + y + " to array or pointer to array with length " + x
}

func utoa(v uint64) string {
	buf := rawmem(20)
	i := uintptr(20)
	for {
		i--
		*(*byte)(add(buf, i)) = '0' + byte(v%10)
		v /= 10
		if v == 0 {
			return makestring(add(buf, i), int(20-i))
		}
	}
}

func itoa(v int64) string {
	if v < 0 {
		return "-" + utoa(uint64(-v))
	}
	return utoa(uint64(v))
}

func panicerror(s string) {
	addpanic(errorString(s))
}

func panicplain(s string) {
	addpanic(plainError(s))
}

func panicnil() {
	addpanic(errorString("invalid memory address or nil pointer dereference"))
	getworker().curg.sigpc = returnaddress()
}

func panicindex(i, n int) {
	addpanic(boundsError{int64(i), n, true, boundsIndex})
}

func panicindexu(i uint, n int) {
	addpanic(boundsError{int64(i), n, false, boundsIndex})
}

func panicslice(kind, a, b int) {
	addpanic(boundsError{int64(a), b, kind&8 == 0, uint8(kind&7 + 1)})
}

// panicsliceconvert: a slice of length have is too short for an array of length want.
func panicsliceconvert(have, want int) {
	addpanic(boundsError{int64(want), have, true, boundsConvert})
}

func panicdivide() {
	addpanic(errorString("integer divide by zero"))
}

func panicshift() {
	addpanic(errorString("negative shift amount"))
}

func panicmakeslicelen() {
	addpanic(errorString("makeslice: len out of range"))
}

func panicmakeslicecap() {
	addpanic(errorString("makeslice: cap out of range"))
}

func panicmakechan() {
	addpanic(plainError("makechan: size out of range"))
}

func panicunwrapmethod(s string) {
	addpanic(plainError(s))
}

// panicunsafe: unsafe.Slice or unsafe.String, which name says, got n elements at p that cannot be there.
func panicunsafe(name string, p unsafe.Pointer, n int) {
	if p == nil && n > 0 {
		addpanic(errorString(name + ": ptr is nil and len is not zero"))
		return
	}
	addpanic(errorString(name + ": len out of range"))
}

// panicassert: a value of type concrete (nil: no value) in an interface of type inter is not of type asserted.
func panicassert(inter, concrete, asserted *_type, missing string) {
	e := new(TypeAssertionError)
	e.inter = inter
	e.concrete = concrete
	e.asserted = asserted
	e.missing = missing
	if asserted.kind == kindInterface {
		// gc does not say in which interface the value was.
		e.inter = nil
		if concrete != nil && len(missing) == 0 {
			e.missing = nameText(missingMethod((*interfaceType)(unsafe.Pointer(asserted)), concrete, nil))
		}
	}
	addpanic(e)
}
