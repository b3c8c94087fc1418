package runtime

import "unsafe"

// print and println: gc's formats, to standard error. Text collects in the worker's buffer and is written when the
// outermost printunlock is reached, so a println is one write.

const outSize = 4096

func printlock() {
	getworker().printing++
}

func printunlock() {
	w := getworker()
	w.printing--
	if w.printing == 0 {
		flushout()
	}
}

// flushout writes what has collected.
func flushout() {
	w := getworker()
	p := unsafe.Pointer(&w.out)
	n := w.nout
	w.nout = 0
	for n > 0 {
		k := cwrite(2, p, n)
		if k <= 0 {
			return
		}
		p = add(p, uintptr(k))
		n -= uintptr(k)
	}
}

func printbytes(p unsafe.Pointer, n uintptr) {
	w := getworker()
	if w.divert != 0 {
		if n > w.divertEnd-w.divert {
			n = w.divertEnd - w.divert
		}
		memmove(unsafe.Pointer(w.divert), p, n)
		w.divert += n
		return
	}
	for n > 0 {
		k := outSize - w.nout
		if k > n {
			k = n
		}
		memmove(add(unsafe.Pointer(&w.out), w.nout), p, k)
		w.nout += k
		p = add(p, k)
		n -= k
		if w.nout == outSize {
			flushout()
		}
	}
	if w.printing == 0 {
		flushout()
	}
}

func printstring(s string) {
	printbytes(strptr(s), uintptr(len(s)))
}

func printsp() {
	printstring(" ")
}

func printnl() {
	printstring("\n")
}

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

// digits is where numbers are formatted: the end of the scratch area, growing down.
func digitsEnd() unsafe.Pointer {
	return add(unsafe.Pointer(&getworker().scratch), scratchSize)
}

const scratchSize = 64

func printuint(v uint64) {
	end := digitsEnd()
	p := end
	for {
		p = add(p, ^uintptr(0))
		*(*byte)(p) = '0' + byte(v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	printbytes(p, uintptr(end)-uintptr(p))
}

func printint(v int64) {
	if v < 0 {
		printlock()
		printstring("-")
		printuint(uint64(-v))
		printunlock()
		return
	}
	printuint(uint64(v))
}

func printhex(v uint64) {
	end := digitsEnd()
	p := end
	for {
		p = add(p, ^uintptr(0))
		d := byte(v & 15)
		if d < 10 {
			d += '0'
		} else {
			d += 'a' - 10
		}
		*(*byte)(p) = d
		v >>= 4
		if v == 0 {
			break
		}
	}
	p = add(p, ^uintptr(1))
	*(*byte)(p) = '0'
	*(*byte)(add(p, 1)) = 'x'
	printbytes(p, uintptr(end)-uintptr(p))
}

func printpointer(p unsafe.Pointer) {
	printhex(uint64(uintptr(p)))
}

func printslice(p unsafe.Pointer, len, cap int) {
	printlock()
	printstring("[")
	printint(int64(len))
	printstring("/")
	printint(int64(cap))
	printstring("]")
	printpointer(p)
	printunlock()
}

func printeface(t, data unsafe.Pointer) {
	printlock()
	printstring("(")
	printpointer(t)
	printstring(",")
	printpointer(data)
	printstring(")")
	printunlock()
}

func printcomplex(c complex128) {
	printlock()
	printstring("(")
	printfloat(real(c))
	printimag(imag(c), false)
	printstring("i)")
	printunlock()
}

func printcomplex64(c complex64) {
	printlock()
	printstring("(")
	printfloat32(real(c))
	printimag(float64(imag(c)), true)
	printstring("i)")
	printunlock()
}

// printimag prints an imaginary part, always with a sign.
func printimag(v float64, single bool) {
	if v != v || floatbits64(v)>>63 == 0 && v <= maxFloat64 {
		printstring("+")
	}
	if single {
		printfloat32(float32(v))
	} else {
		printfloat(v)
	}
}

// printindented prints s with a tab after each line break.
func printindented(s string) {
	for {
		i := indexbyte(s, '\n')
		if i < 0 {
			break
		}
		printstring(s[:i+1])
		printstring("\t")
		s = s[i+1:]
	}
	printstring(s)
}

// printpanicval prints the value of a panic: basic values plainly, of named types with the type's name.
func printpanicval(v any) {
	e := (*eface)(unsafe.Pointer(&v))
	t := e.typ
	if t == nil {
		printstring("nil")
		return
	}
	named := t.tflag&tflagNamed != 0 && t.uncommon() != nil && len(t.pkgPath()) != 0
	p := e.data
	kind := t.kind
	if kind == 0 || kind > kindComplex128 && kind != kindString {
		printstring("(")
		printstring(t.string())
		printstring(") ")
		printpointer(p)
		return
	}
	if named {
		printstring(t.string())
		if kind == kindString {
			printstring("(\"")
		} else if kind != kindComplex64 && kind != kindComplex128 {
			printstring("(")
		}
	}
	switch kind {
	case kindString:
		printindented(*(*string)(p))
	case kindBool:
		printbool(*(*bool)(p))
	case kindInt, kindInt64:
		printint(*(*int64)(p))
	case kindInt8:
		printint(int64(*(*int8)(p)))
	case kindInt16:
		printint(int64(*(*int16)(p)))
	case kindInt32:
		printint(int64(*(*int32)(p)))
	case kindUint, kindUint64, kindUintptr:
		printuint(*(*uint64)(p))
	case kindUint8:
		printuint(uint64(*(*uint8)(p)))
	case kindUint16:
		printuint(uint64(*(*uint16)(p)))
	case kindUint32:
		printuint(uint64(*(*uint32)(p)))
	case kindFloat32:
		printfloat32(*(*float32)(p))
	case kindFloat64:
		printfloat(*(*float64)(p))
	case kindComplex64:
		printcomplex64(*(*complex64)(p))
	case kindComplex128:
		printcomplex(*(*complex128)(p))
	}
	if named {
		if kind == kindString {
			printstring("\")")
		} else if kind != kindComplex64 && kind != kindComplex128 {
			printstring(")")
		}
	}
}
