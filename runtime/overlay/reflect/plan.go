package reflect

import (
	"internal/abi"
	"sync"
	"unsafe"
)

// How the arguments and results of a function type travel by goir's calling convention (docs/abi.md, "Calls by
// reflection"). It is worked out from the types as goir/lowering/layout.py does.

// A callStep is one scalar of an argument or result.
type callStep struct {
	offset uintptr // in the value
	size   uint8   // in bytes: 1, 2, 4, 8
	isBool bool    // of 8 bits one counts
	word   int     // where it is in the frame
}

// A callValue is an argument or a result.
type callValue struct {
	typ      *abi.Type
	steps    []callStep
	indirect bool    // it is in memory that the one word points to
	offset   uintptr // of a result in memory
	slot     uintptr // of a result in a coroutine's slot
}

// A callPlan is the whole of it. Words of a call's frame: 6 for integers and pointers, 8 for floats, 4 and 4 for the
// results of these kinds, then the stack's.
type callPlan struct {
	in, out  []callValue
	stack    int     // words on the stack
	memory   uintptr // size of the results if they are in memory, else 0
	flag     uintptr // where the panic flag is: in that memory, or behind word frameResults
	slotWord int     // where a coroutine entry is passed its slot

	ints, floats int // registers taken while the plan is made
}

// Frames of calls: words. The numbers are those of goir/lowering/generic_calls.py.
const (
	frameFloats  = 6
	frameResults = 14
	frameStack   = 22
	frameMode    = 23
	frameBase    = 24
)

// The functions that stand for a function made at run time, by frameMode.
const (
	modeRegisters = iota
	modeMemory
	modeCoroutine
)

// Values of more scalars than maxDirect, or with longer arrays than maxArray, are passed by address, and results that
// would be the maxFloats+1st float and later ones.
const (
	maxDirect = 8
	maxArray  = 4
	maxFloats = 4
)

type planKey struct {
	ftyp *funcType
	rcvr bool
}

// Plans that were made: map[planKey]*callPlan.
var callPlans sync.Map

// planOf is the plan of a function type; rcvr: with a receiver of one word before the arguments.
func planOf(t *funcType, rcvr bool) *callPlan {
	key := planKey{t, rcvr}
	if p, ok := callPlans.Load(key); ok {
		return p.(*callPlan)
	}
	p, _ := callPlans.LoadOrStore(key, newPlan(t, rcvr))
	return p.(*callPlan)
}

func newPlan(t *funcType, rcvr bool) *callPlan {
	p := &callPlan{}
	if rcvr {
		p.ints = 1
	}
	for _, typ := range t.InSlice() {
		v := callValue{typ: typ}
		if scalars(typ) > maxDirect {
			v.indirect = true
			v.steps = []callStep{{size: 8, word: p.next(false)}}
		} else {
			flatten(typ, 0, func(offset uintptr, size uint8, float, isBool bool) {
				v.steps = append(v.steps, callStep{offset, size, isBool, p.next(float)})
			})
		}
		p.in = append(p.in, v)
	}
	afterArgs := *p
	p.slotWord = afterArgs.next(false)

	ints, floats := 0, 0
	slot, memory, memoryAlign := uintptr(1), uintptr(0), uintptr(1)
	for _, typ := range t.OutSlice() {
		v := callValue{typ: typ}
		slot = align(slot, storedAlign(typ))
		v.slot = slot
		slot += typ.Size()
		more := 0
		if scalars(typ) > maxDirect {
			v.indirect = true
		} else {
			flatten(typ, 0, func(offset uintptr, size uint8, float, isBool bool) {
				if float {
					more++
				}
			})
			v.indirect = floats+more > maxFloats
		}
		if v.indirect {
			v.steps = []callStep{{size: 8, word: p.next(false)}}
		} else {
			a := storedAlign(typ)
			memory = align(memory, a)
			memoryAlign = max(memoryAlign, a)
			v.offset = memory
			memory += typ.Size()
			flatten(typ, 0, func(offset uintptr, size uint8, float, isBool bool) {
				word := frameResults
				if float {
					word += 4 + floats
					floats++
				} else {
					word += ints
					ints++
				}
				v.steps = append(v.steps, callStep{offset, size, isBool, word})
			})
		}
		p.out = append(p.out, v)
	}
	if ints+1 > 4 {
		p.flag = memory
		p.memory = align(memory+1, memoryAlign)
	} else {
		p.flag = uintptr(ints) * 8
	}
	return p
}

// next is the word for the next argument.
func (p *callPlan) next(float bool) int {
	if float && p.floats < 8 {
		p.floats++
		return frameFloats + p.floats - 1
	}
	if !float && p.ints < frameFloats {
		p.ints++
		return p.ints - 1
	}
	p.stack++
	return frameStack + p.stack - 1
}

// scalars is of how many scalars values of a type are made, at most maxDirect+1.
func scalars(t *abi.Type) int {
	n := 1
	switch Kind(t.Kind()) {
	case Complex64, Complex128, String, Interface:
		n = 2
	case Slice:
		n = 3
	case Array:
		at := (*arrayType)(unsafe.Pointer(t))
		switch {
		case t.Size() == 0:
			n = 0
		case at.Len > maxArray:
			n = maxDirect + 1
		default:
			n = scalars(at.Elem) * int(at.Len)
		}
	case Struct:
		n = 0
		for _, f := range (*structType)(unsafe.Pointer(t)).Fields {
			n += scalars(f.Typ)
		}
	}
	return min(n, maxDirect+1)
}

// storedAlign is the alignment of the form that values of a type have in memory. Parts of size 0 have none.
func storedAlign(t *abi.Type) uintptr {
	if t.Size() == 0 {
		return 1
	}
	switch Kind(t.Kind()) {
	case Array:
		return storedAlign((*arrayType)(unsafe.Pointer(t)).Elem)
	case Struct:
		a := uintptr(1)
		for _, f := range (*structType)(unsafe.Pointer(t)).Fields {
			a = max(a, storedAlign(f.Typ))
		}
		return a
	}
	return uintptr(t.Align())
}

// flatten tells visit of every scalar of a value of type t, at an offset in some larger value.
func flatten(t *abi.Type, offset uintptr, visit func(offset uintptr, size uint8, float, isBool bool)) {
	if t.Size() == 0 {
		return
	}
	switch Kind(t.Kind()) {
	case Bool:
		visit(offset, 1, false, true)
	case Float32, Float64:
		visit(offset, uint8(t.Size()), true, false)
	case Complex64, Complex128:
		half := t.Size() / 2
		visit(offset, uint8(half), true, false)
		visit(offset+half, uint8(half), true, false)
	case String, Interface, Slice:
		for i := uintptr(0); i < t.Size(); i += 8 {
			visit(offset+i, 8, false, false)
		}
	case Array:
		at := (*arrayType)(unsafe.Pointer(t))
		for i := uintptr(0); i < at.Len; i++ {
			flatten(at.Elem, offset+i*at.Elem.Size(), visit)
		}
	case Struct:
		fields := (*structType)(unsafe.Pointer(t)).Fields
		if sole := soleField(t, fields); sole >= 0 {
			flatten(fields[sole].Typ, offset, visit)
			return
		}
		at, whole := uintptr(0), uintptr(1)
		for _, f := range fields {
			a := storedAlign(f.Typ)
			if align(at, a) != f.Offset {
				flattenPadding(offset+at, offset+f.Offset, visit)
			}
			flatten(f.Typ, offset+f.Offset, visit)
			at = f.Offset + f.Typ.Size()
			whole = max(whole, a)
		}
		if align(at, whole) != t.Size() {
			flattenPadding(offset+at, offset+t.Size(), visit)
		}
	default:
		visit(offset, uint8(t.Size()), false, false)
	}
}

// flattenPadding: padding that the fields' alignment does not make is bytes of its own.
func flattenPadding(from, to uintptr, visit func(offset uintptr, size uint8, float, isBool bool)) {
	for ; from < to; from++ {
		visit(from, 1, false, false)
	}
}

// soleField is the index of the field that a struct has the form of, or -1.
func soleField(t *abi.Type, fields []structField) int {
	if len(fields) == 1 {
		return 0
	}
	sole := -1
	for i, f := range fields {
		if f.Typ.Size() != 0 {
			if sole >= 0 {
				return -1
			}
			sole = i
		}
	}
	if sole >= 0 && fields[sole].Typ.Size() != t.Size() {
		return -1
	}
	return sole
}

// load reads a scalar of the value at p.
func (s *callStep) load(p unsafe.Pointer) uintptr {
	p = unsafe.Pointer(uintptr(p) + s.offset)
	switch s.size {
	case 1:
		return uintptr(*(*uint8)(p))
	case 2:
		return uintptr(*(*uint16)(p))
	case 4:
		return uintptr(*(*uint32)(p))
	}
	return *(*uintptr)(p)
}

// store makes w a scalar of the value at p.
func (s *callStep) store(p unsafe.Pointer, w uintptr) {
	p = unsafe.Pointer(uintptr(p) + s.offset)
	switch {
	case s.isBool:
		*(*uint8)(p) = uint8(w) & 1
	case s.size == 1:
		*(*uint8)(p) = uint8(w)
	case s.size == 2:
		*(*uint16)(p) = uint16(w)
	case s.size == 4:
		*(*uint32)(p) = uint32(w)
	default:
		*(*uintptr)(p) = w
	}
}
