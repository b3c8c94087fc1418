package reflect

import (
	"internal/abi"
	"unsafe"
)

// Calls and functions made at run time. What gc does in assembly, by frames of its own convention, are here calls and
// stubs that the compiler makes for any signature.

//goir:delete call callMethod makeFuncStub methodValueCall makeFuncCtxt moveMakeFuncArgPtrs methodValue

// stackmem is memory in the calling function's frame. It holds pointers the collector sees.
//
//goir:intrinsic stackmem
func stackmem(size int) unsafe.Pointer

// callregs calls a function: its code, its record, its frame with that many words for the stack.
//
//goir:intrinsic callregs
func callregs(code, record, frame unsafe.Pointer, stack int)

// callregsmem calls one whose results are in memory.
//
//goir:intrinsic callregsmem
func callregsmem(code, record, frame unsafe.Pointer, stack int, results unsafe.Pointer)

// callstubs are the addresses of three functions that fit every signature; the last is a coroutine's entry.
//
//goir:intrinsic callstubs
func callstubs() *[3]uintptr

// raise goes on panicking.
//
//goir:intrinsic raise
func raise()

// Limits of small calls, which most are, and of all: words on the stack, bytes of results in memory.
const (
	smallStack, smallMemory = 24, 256
	largeStack, largeMemory = 1152, 16384
)

func frameWord(frame unsafe.Pointer, i int) *uintptr {
	return (*uintptr)(unsafe.Pointer(uintptr(frame) + uintptr(i)*8))
}

// The library's version fills in frames of gc's calling convention.
func (v Value) call(op string, in []Value) []Value {
	t := (*funcType)(unsafe.Pointer(v.typ()))
	var fn, rcvr unsafe.Pointer
	isMethod := v.flag&flagMethod != 0
	switch {
	case isMethod:
		_, t, fn = methodReceiver(op, v, int(v.flag)>>flagMethodShift)
		storeRcvr(v, unsafe.Pointer(&rcvr))
	case v.flag&flagIndir != 0:
		fn = *(*unsafe.Pointer)(v.ptr)
	default:
		fn = v.ptr
	}
	if fn == nil {
		panic("reflect.Value.Call: call of nil function")
	}
	in = callArguments(t, op, in)
	p := planOf(t, isMethod)
	out := make([]Value, len(p.out))
	switch {
	case p.stack <= smallStack && p.memory <= smallMemory:
		callSmall(p, fn, rcvr, isMethod, in, out)
	case p.stack <= largeStack && p.memory <= largeMemory:
		callLarge(p, fn, rcvr, isMethod, in, out)
	default:
		panic("reflect: " + op + " of a function with more arguments or results than goir supports: " + stringFor(&t.Type))
	}
	return out
}

// callArguments checks the arguments of a call and makes the slice of a variadic function's last ones.
func callArguments(t *funcType, op string, in []Value) []Value {
	n := t.NumIn()
	variadic := t.IsVariadic()
	spread := variadic && op != "CallSlice"
	if op == "CallSlice" && !variadic {
		panic("reflect: CallSlice of non-variadic function")
	}
	if spread {
		n--
	}
	if len(in) < n {
		panic("reflect: " + op + " with too few input arguments")
	}
	if !spread && len(in) > n {
		panic("reflect: " + op + " with too many input arguments")
	}
	for _, x := range in {
		if x.Kind() == Invalid {
			panic("reflect: " + op + " using zero Value argument")
		}
	}
	for i, typ := range t.InSlice()[:n] {
		if have := in[i].Type(); !have.AssignableTo(toRType(typ)) {
			panic("reflect: " + op + " using " + have.String() + " as type " + stringFor(typ))
		}
	}
	if !spread {
		return in
	}
	rest := in[n:]
	typ := toRType(t.In(n))
	elem := typ.Elem()
	slice := MakeSlice(typ, len(rest), len(rest))
	for i, x := range rest {
		if have := x.Type(); !have.AssignableTo(elem) {
			panic("reflect: cannot use " + have.String() + " as type " + elem.String() + " in " + op)
		}
		slice.Index(i).Set(x)
	}
	return append(append(make([]Value, 0, n+1), in[:n]...), slice)
}

func callSmall(p *callPlan, fn, rcvr unsafe.Pointer, isMethod bool, in, out []Value) {
	frame := stackmem((frameStack + smallStack) * 8)
	memory := stackmem(smallMemory)
	p.fill(frame, rcvr, isMethod, in, out)
	code := *(*unsafe.Pointer)(fn)
	switch {
	case p.memory != 0:
		callregsmem(code, fn, frame, smallStack, memory)
	case p.stack != 0:
		callregs(code, fn, frame, smallStack)
	default:
		callregs(code, fn, frame, 0)
	}
	p.take(frame, memory, out)
}

func callLarge(p *callPlan, fn, rcvr unsafe.Pointer, isMethod bool, in, out []Value) {
	frame := stackmem((frameStack + largeStack) * 8)
	memory := stackmem(largeMemory)
	p.fill(frame, rcvr, isMethod, in, out)
	code := *(*unsafe.Pointer)(fn)
	if p.memory != 0 {
		callregsmem(code, fn, frame, largeStack, memory)
	} else {
		callregs(code, fn, frame, largeStack)
	}
	p.take(frame, memory, out)
}

// fill puts the arguments into a frame, and the addresses where results go.
func (p *callPlan) fill(frame, rcvr unsafe.Pointer, isMethod bool, in, out []Value) {
	if isMethod {
		*frameWord(frame, 0) = uintptr(rcvr)
	}
	for i := range p.in {
		arg := &p.in[i]
		v := in[i]
		v.mustBeExported()
		v = v.assignTo("reflect.Value.Call", arg.typ, nil)
		at := v.ptr
		if v.flag&flagIndir == 0 {
			at = unsafe.Pointer(&v.ptr)
		}
		if arg.indirect {
			copied := unsafe_New(arg.typ)
			typedmemmove(arg.typ, copied, at)
			*frameWord(frame, arg.steps[0].word) = uintptr(copied)
			continue
		}
		for j := range arg.steps {
			*frameWord(frame, arg.steps[j].word) = arg.steps[j].load(at)
		}
	}
	for i := range p.out {
		result := &p.out[i]
		if result.indirect {
			at := unsafe_New(result.typ)
			*frameWord(frame, result.steps[0].word) = uintptr(at)
			out[i] = Value{result.typ, at, flagIndir | flag(result.typ.Kind())}
		}
	}
}

// take makes values of a call's results, or goes on panicking.
func (p *callPlan) take(frame, memory unsafe.Pointer, out []Value) {
	base := unsafe.Pointer(frameWord(frame, frameResults))
	if p.memory != 0 {
		base = memory
	}
	// The collector scans stacks as they are: nothing shall be kept alive by what was there.
	for i := range frameFloats {
		*frameWord(frame, i) = 0
	}
	if *(*uint8)(unsafe.Pointer(uintptr(base) + p.flag))&1 != 0 {
		raise()
	}
	for i := range p.out {
		result := &p.out[i]
		typ := result.typ
		if result.indirect {
			continue
		}
		if typ.Size() == 0 {
			out[i] = Zero(toRType(typ))
			continue
		}
		v := Value{typ, nil, flag(typ.Kind())}
		at := unsafe.Pointer(&v.ptr)
		if !typ.IsDirectIface() {
			v.ptr = unsafe_New(typ)
			v.flag |= flagIndir
			at = v.ptr
		}
		if p.memory != 0 {
			typedmemmove(typ, at, unsafe.Pointer(uintptr(memory)+result.offset))
		} else {
			for j := range result.steps {
				result.steps[j].store(at, *frameWord(frame, result.steps[j].word))
			}
		}
		out[i] = v
	}
}

// In gc fn is the address of a word with the code's address; here it is the record of the method, which begins with
// that.
func methodReceiver(op string, v Value, methodIndex int) (rcvrtype *abi.Type, t *funcType, fn unsafe.Pointer) {
	typ := v.typ()
	var name abi.Name
	if typ.Kind() == abi.Interface {
		it := (*interfaceType)(unsafe.Pointer(typ))
		m := &it.Methods[methodIndex]
		tab := (*nonEmptyInterface)(v.ptr).itab
		if tab == nil {
			panic("reflect: " + op + " of method on nil interface value")
		}
		name = it.nameOff(m.Name)
		t = (*funcType)(unsafe.Pointer(it.typeOff(m.Typ)))
		rcvrtype = tab.Type
		fn = *(*unsafe.Pointer)(unsafe.Pointer(uintptr(unsafe.Pointer(&tab.Fun)) + uintptr(methodIndex)*8))
	} else {
		m := &typ.ExportedMethods()[methodIndex]
		name = nameOffFor(typ, m.Name)
		t = (*funcType)(unsafe.Pointer(typeOffFor(typ, m.Mtyp)))
		rcvrtype = typ
		if fn = textOffFor(typ, m.Ifn); fn == ifaceMethod() {
			fn = ifaceMethodStub(t)
		}
	}
	if !name.IsExported() {
		panic("reflect: " + op + " of unexported method")
	}
	return
}

// The method's function is in gc the address of a word with its code's; here it is its record.
func (t *rtype) Method(i int) (m Method) {
	if t.Kind() == Interface {
		return (*interfaceType)(unsafe.Pointer(t)).Method(i)
	}
	methods := t.exportedMethods()
	if uint(i) >= uint(len(methods)) {
		panic("reflect: Method index out of range")
	}
	p := &methods[i]
	ft := (*funcType)(unsafe.Pointer(t.typeOff(p.Mtyp)))
	in := []Type{t}
	for _, arg := range ft.InSlice() {
		in = append(in, toRType(arg))
	}
	var out []Type
	for _, result := range ft.OutSlice() {
		out = append(out, toRType(result))
	}
	m.Name = t.nameOff(p.Name).Name()
	m.Type = FuncOf(in, out, ft.IsVariadic())
	m.Func = Value{m.Type.common(), t.textOff(p.Tfn), flag(Func)}
	m.Index = i
	return m
}

// The record of a function that MakeFunc made; gc's begins with what its stack maps need.
type makeFuncImpl struct {
	code   uintptr
	coro   uintptr
	enter  func(record, frame unsafe.Pointer)
	flag   uintptr
	ftyp   *funcType
	fn     func([]Value) []Value
	plan   *callPlan
	target unsafe.Pointer // the record of the function it stands for, which may recover if it is deferred
}

// recoverforward passes the right to recover from one function to another, by their code.
//
//go:linkname recoverforward runtime.recoverforward
func recoverforward(self, target unsafe.Pointer)

func newFunc(ftyp *funcType, fn func([]Value) []Value, standsFor unsafe.Pointer) unsafe.Pointer {
	return newStub(ftyp, planOf(ftyp, false), fn, standsFor)
}

func newStub(ftyp *funcType, p *callPlan, fn func([]Value) []Value, standsFor unsafe.Pointer) unsafe.Pointer {
	stubs := callstubs()
	mode := modeRegisters
	if p.memory != 0 {
		mode = modeMemory
	}
	impl := &makeFuncImpl{stubs[mode], stubs[modeCoroutine], callReflect, p.flag, ftyp, fn, p, standsFor}
	return unsafe.Pointer(impl)
}

// The record is another than gc's.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	t := typ.common()
	if t.Kind() != abi.Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	record := *(*unsafe.Pointer)(unsafe.Pointer(&fn))
	return Value{t, newFunc((*funcType)(unsafe.Pointer(t)), fn, record), flag(Func)}
}

// Calls a method of v through MakeFunc; gc has code of its own for that.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	ftyp := (*funcType)(unsafe.Pointer(v.Type().(*rtype)))
	rcvr := Value{v.typ(), v.ptr, v.flag & (flagRO | flagAddr | flagIndir)}
	rcvr.flag |= flag(v.typ().Kind())
	_, _, method := methodReceiver(op, rcvr, int(v.flag)>>flagMethodShift)
	rcvr.flag |= v.flag&^(1<<flagMethodShift-1) | flagMethod
	how := "Call"
	if ftyp.IsVariadic() {
		how = "CallSlice"
	}
	fn := newFunc(ftyp, func(in []Value) []Value { return rcvr.call(how, in) }, method)
	return Value{ftyp.Common(), fn, v.flag&flagRO | flag(Func)}
}

// The address that all method values have in common.
func methodValueCallCodePtr() uintptr { return callstubs()[modeRegisters] }

// callReflect is called by the stubs, for a function that MakeFunc made, with the registers it was called with.
func callReflect(record, frame unsafe.Pointer) {
	f := (*makeFuncImpl)(record)
	p := f.plan
	mode := *frameWord(frame, frameMode)
	stack := *(*unsafe.Pointer)(unsafe.Pointer(frameWord(frame, frameStack)))
	word := func(i int) *uintptr {
		if i >= frameStack {
			return frameWord(stack, i-frameStack)
		}
		return frameWord(frame, i)
	}
	base := *(*unsafe.Pointer)(unsafe.Pointer(frameWord(frame, frameBase)))
	if mode == modeCoroutine {
		base = *(*unsafe.Pointer)(unsafe.Pointer(word(p.slotWord)))
		*frameWord(frame, frameBase) = uintptr(base)
	}
	in := make([]Value, len(p.in))
	for i := range p.in {
		arg := &p.in[i]
		typ := arg.typ
		if typ.Size() == 0 {
			in[i] = Zero(toRType(typ))
			continue
		}
		v := Value{typ, nil, flag(typ.Kind())}
		at := unsafe.Pointer(&v.ptr)
		if !typ.IsDirectIface() {
			v.ptr = unsafe_New(typ)
			v.flag |= flagIndir
			at = v.ptr
		}
		if arg.indirect {
			typedmemmove(typ, at, *(*unsafe.Pointer)(unsafe.Pointer(word(arg.steps[0].word))))
		} else {
			for j := range arg.steps {
				arg.steps[j].store(at, *word(arg.steps[j].word))
			}
		}
		in[i] = v
	}
	if f.target != nil {
		recoverforward(unsafe.Pointer(f.code), *(*unsafe.Pointer)(f.target))
	}
	out := f.fn(in)
	if len(out) != len(p.out) {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	for i := range p.out {
		result := &p.out[i]
		v := out[i]
		if v.typ() == nil {
			panic("reflect: function created by MakeFunc using " + funcName(f.fn) + " returned zero Value")
		}
		if v.flag&flagRO != 0 {
			panic("reflect: function created by MakeFunc using " + funcName(f.fn) +
				" returned value obtained from unexported field")
		}
		v = v.assignTo("reflect.MakeFunc", result.typ, nil)
		at := v.ptr
		if v.flag&flagIndir == 0 {
			at = unsafe.Pointer(&v.ptr)
		}
		switch {
		case result.typ.Size() == 0:
		case mode == modeCoroutine:
			typedmemmove(result.typ, unsafe.Pointer(uintptr(base)+result.slot), at)
		case result.indirect:
			typedmemmove(result.typ, *(*unsafe.Pointer)(unsafe.Pointer(word(result.steps[0].word))), at)
		case mode == modeMemory:
			typedmemmove(result.typ, unsafe.Pointer(uintptr(base)+result.offset), at)
		default:
			for j := range result.steps {
				*frameWord(frame, result.steps[j].word) = result.steps[j].load(at)
			}
		}
	}
}
