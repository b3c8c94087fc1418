package runtime

import "unsafe"

// What packages reflect and internal/reflectlite need of the runtime. (Maps they find in internal/runtime/maps; calls
// are made by their overlay.)

// Offsets. A name, a type or a method's record that reflection makes is on the heap, where 32 bits cannot reach: its
// offset is negative, the complement of its place in a table.

var reflectOffs struct {
	lock  mutex // longlock
	ptrs  []unsafe.Pointer
	slots []int32 // open-addressed, by pointer: places in ptrs plus 1
}

// offsetAt is what an offset stands for.
func offsetAt(off int32) unsafe.Pointer {
	if off < 0 {
		longlock(&reflectOffs.lock)
		p := reflectOffs.ptrs[^off]
		longunlock(&reflectOffs.lock)
		return p
	}
	return unsafe.Pointer(uintptr(off))
}

func offsHash(p unsafe.Pointer) int {
	return int(hash64(uint64(uintptr(p)), 0)) & (len(reflectOffs.slots) - 1)
}

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(p unsafe.Pointer) int32 {
	if uintptr(p)>>31 == 0 {
		return int32(uintptr(p))
	}
	longlock(&reflectOffs.lock)
	off := offsetOf(p)
	longunlock(&reflectOffs.lock)
	return off
}

// offsetOf is the offset of p, an old one or a new one. The lock is held.
func offsetOf(p unsafe.Pointer) int32 {
	if 4*len(reflectOffs.ptrs) >= 3*len(reflectOffs.slots) {
		reflectOffs.slots = make([]int32, max(64, 2*len(reflectOffs.slots)))
		for i := 0; i < len(reflectOffs.ptrs); i++ {
			h := offsHash(reflectOffs.ptrs[i])
			for reflectOffs.slots[h] != 0 {
				h = (h + 1) & (len(reflectOffs.slots) - 1)
			}
			reflectOffs.slots[h] = int32(i + 1)
		}
	}
	h := offsHash(p)
	for {
		i := reflectOffs.slots[h]
		if i == 0 {
			break
		}
		if reflectOffs.ptrs[i-1] == p {
			return ^(i - 1)
		}
		h = (h + 1) & (len(reflectOffs.slots) - 1)
	}
	reflectOffs.ptrs = append(reflectOffs.ptrs, p)
	n := int32(len(reflectOffs.ptrs))
	reflectOffs.slots[h] = n
	return ^(n - 1)
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer { return offsetAt(off) }

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer { return offsetAt(off) }

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(base unsafe.Pointer, off int32) unsafe.Pointer { return offsetAt(off) }

// Methods of types that reflection made. Where a method table has the record placeholder, the type of the method says which
// record interface tables have.

var methodStubs struct {
	lock        mutex // longlock
	placeholder unsafe.Pointer
	list        []methodStub
}

type methodStub struct {
	mtyp   int32
	record unsafe.Pointer
}

func addMethodStub(placeholder unsafe.Pointer, mtyp int32, record unsafe.Pointer) {
	longlock(&methodStubs.lock)
	if findMethodStub(mtyp) == nil {
		methodStubs.placeholder = placeholder
		methodStubs.list = append(methodStubs.list, methodStub{mtyp, record})
	}
	longunlock(&methodStubs.lock)
}

// findMethodStub is the record for a method type, nil if it has none. The lock is held.
func findMethodStub(mtyp int32) unsafe.Pointer {
	for i := 0; i < len(methodStubs.list); i++ {
		if methodStubs.list[i].mtyp == mtyp {
			return methodStubs.list[i].record
		}
	}
	return nil
}

// methodRecord is the record of a method that interface tables have; nil: the method is not linked.
func methodRecord(m *method) unsafe.Pointer {
	f := offsetAt(m.ifn)
	if f != nil && f == methodStubs.placeholder {
		longlock(&methodStubs.lock)
		f = findMethodStub(m.mtyp)
		longunlock(&methodStubs.lock)
	}
	return f
}

// Types that are linked. typelinks are the descriptors of all types without a name, sorted by their text: reflection
// looks there before it makes one.

var typelinks struct {
	lock  mutex // longlock
	types []*_type
	made  bool
}

//go:linkname reflect_compiledTypelinks reflect.compiledTypelinks
func reflect_compiledTypelinks() ([]*_type, [][]*_type) {
	longlock(&typelinks.lock)
	if !typelinks.made {
		n := (uintptr(typesend()) - uintptr(typesstart())) / 8
		all := unsafe.Slice((**_type)(typesstart()), int(n))
		list := append([]*_type(nil), all...)
		sortTypes(list)
		// Many modules list the same one.
		k := 0
		for i := 0; i < len(list); i++ {
			if list[i] != nil && (k == 0 || list[k-1] != list[i]) {
				list[k] = list[i]
				k++
			}
		}
		typelinks.types = list[:k]
		typelinks.made = true
	}
	longunlock(&typelinks.lock)
	return typelinks.types, nil
}

// typeLess orders types by text, those of the same text by address.
func typeLess(a, b *_type) bool {
	if a == b || a == nil || b == nil {
		return a == nil && b != nil
	}
	if c := cmpstring(a.string(), b.string()); c != 0 {
		return c < 0
	}
	return uintptr(unsafe.Pointer(a)) < uintptr(unsafe.Pointer(b))
}

// sortTypes is a heap sort.
func sortTypes(list []*_type) {
	n := len(list)
	for i := n/2 - 1; i >= 0; i-- {
		siftType(list, i, n)
	}
	for n > 1 {
		n--
		list[0], list[n] = list[n], list[0]
		siftType(list, 0, n)
	}
}

func siftType(list []*_type, i, n int) {
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && typeLess(list[child], list[child+1]) {
			child++
		}
		if !typeLess(list[i], list[child]) {
			return
		}
		list[i], list[child] = list[child], list[i]
		i = child
	}
}

// Types made at run time are on the heap as well, but objects note their type in 32 bits. A shape, in low memory, has
// of such a type what the allocator and the collector read. Types of the same shape share one: they are few.

type typeShape struct {
	typ  _type
	next *typeShape
}

var typeShapes struct {
	lock  mutex
	lists [64]*typeShape
}

// lowType is the descriptor that objects of type t are noted with.
func lowType(t *_type) *_type {
	if uintptr(unsafe.Pointer(t))>>32 == 0 {
		return t
	}
	n := (t.ptrBytes + 63) / 64
	mask := t.gcmask()
	h := memhash(mask, t.size, n) % uintptr(len(typeShapes.lists))
	lock(&typeShapes.lock)
	s := typeShapes.lists[h]
	for s != nil && (s.typ.size != t.size || s.typ.ptrBytes != t.ptrBytes || !memequal(s.typ.gcdata, mask, n)) {
		s = s.next
	}
	if s == nil {
		s = newShape(t, mask, n)
		s.next = typeShapes.lists[h]
		typeShapes.lists[h] = s
	}
	unlock(&typeShapes.lock)
	return &s.typ
}

// newShape is the shape of a type with a pointer bitmap of n bytes.
func newShape(t *_type, mask unsafe.Pointer, n uintptr) *typeShape {
	s := (*typeShape)(unsafe.Pointer(lowAlloc(unsafe.Sizeof(typeShape{}))))
	s.typ.size = t.size
	s.typ.ptrBytes = t.ptrBytes
	s.typ.align = t.align
	s.typ.fieldAlign = t.fieldAlign
	s.typ.kind = kindArray // some of the types may have elements: hasElements asks
	s.typ.gcdata = unsafe.Pointer(lowAlloc(n + 1))
	memmove(s.typ.gcdata, mask, n)
	return s
}

// gcmask is a type's pointer bitmap. Large types made at run time have room for the address of one, which is made when
// it is needed.
func (t *_type) gcmask() unsafe.Pointer {
	if t.tflag&tflagGCMaskOnDemand == 0 {
		return t.gcdata
	}
	p := (*unsafe.Pointer)(t.gcdata)
	if *p == nil {
		mask := unsafe.Pointer(lowAlloc((t.ptrBytes + 63) / 64))
		t.addPointers(mask, 0)
		*p = mask
	}
	return *p
}

// addPointers sets the bits of a variable of type t at word i.
func (t *_type) addPointers(mask unsafe.Pointer, i uintptr) {
	if t.ptrBytes == 0 {
		return
	}
	if t.tflag&tflagGCMaskOnDemand == 0 {
		for j := uintptr(0); j < t.ptrBytes/8; j++ {
			if loadbyte(t.gcdata, j/8)>>(j%8)&1 != 0 {
				b := (*byte)(add(mask, (i+j)/8))
				*b |= 1 << ((i + j) % 8)
			}
		}
		return
	}
	if t.kind == kindArray {
		at := (*arrayType)(unsafe.Pointer(t))
		for k := uintptr(0); k < at.len; k++ {
			at.elem.addPointers(mask, i+k*(at.elem.size/8))
		}
		return
	}
	st := (*structType)(unsafe.Pointer(t))
	for k := 0; k < len(st.fields); k++ {
		f := &st.fields[k]
		f.typ.addPointers(mask, i+f.offset/8)
	}
}

// newtyped is a zeroed variable of any type, also one made at run time.
func newtyped(t *_type) unsafe.Pointer { return newobject(lowType(t)) }

// newtypedarray is newarray for any type.
func newtypedarray(t *_type, n int) unsafe.Pointer { return newarray(lowType(t), n) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(t *_type) unsafe.Pointer { return newtyped(t) }

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(t *_type, n int) unsafe.Pointer {
	if n < 0 || t.size != 0 && uintptr(n) > maxAlloc/t.size {
		panicplain("reflect: array size out of range")
		raise()
	}
	return newtypedarray(t, n)
}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(t *_type, dst, src unsafe.Pointer) { memmove(dst, src, t.size) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(t *_type, p unsafe.Pointer) { memclr(p, t.size) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(t *_type, p unsafe.Pointer, off, size uintptr) { memclr(p, size) }

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(t *_type, p unsafe.Pointer, n int) { memclr(p, t.size*uintptr(n)) }

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(t *_type, dst, src sliceHeader) int {
	n := min(dst.len, src.len)
	memmove(dst.ptr, src.ptr, uintptr(n)*t.size)
	return n
}

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(dst, src unsafe.Pointer, n uintptr) { memmove(dst, src, n) }

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(t *_type, p unsafe.Pointer, seed uintptr) uintptr { return hashOf(t, p, seed) }

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool { return !inArena(p) }

// reflect_growslice makes room for num elements behind the length, which stays. What is between length and capacity
// stays as well.
//
//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(t *_type, old sliceHeader, num int) sliceHeader {
	num -= old.cap - old.len
	p, _, newcap := growslice(lowType(t), old.ptr, old.cap+num, old.cap, num)
	memclr(add(p, uintptr(old.cap)*t.size), uintptr(num)*t.size)
	return sliceHeader{p, old.len, newcap}
}

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(t *_type, p unsafe.Pointer, n int) {
	if n < 0 || t.size != 0 && uintptr(n) > -uintptr(p)/t.size && (p != nil || uintptr(n) > maxAlloc/t.size) {
		panicerror("unsafe.Slice: len out of range")
		raise()
	}
	if p == nil && n > 0 {
		panicerror("unsafe.Slice: ptr is nil and len is not zero")
		raise()
	}
}

// reflect_ifaceE2I stores src at dst, a variable of interface type t.
//
//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(t *_type, src eface, dst *iface) {
	var tab unsafe.Pointer
	if src.typ != nil {
		tab = getitab(t, src.typ)
	}
	if tab == nil {
		panicassert(nil, src.typ, t, "")
		raise()
	}
	dst.tab = (*itab)(tab)
	dst.data = src.data
}

// Channels.

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *_type, size int) unsafe.Pointer {
	elem := (*chanType)(unsafe.Pointer(t)).elem
	if size < 0 || elem.size != 0 && uintptr(size) > maxChanBytes/elem.size {
		panicmakechan()
		raise()
	}
	return makechan(t, size)
}

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c unsafe.Pointer) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c unsafe.Pointer) int { return chancap(c) }

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c unsafe.Pointer) { closechan(c) }

func chanparkHook(arg, h unsafe.Pointer) bool { return chanpark(arg, h) }

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c unsafe.Pointer, nb bool, dst unsafe.Pointer) (selected, received bool) {
	if c != nil {
		ch := (*hchan)(c)
		ch.beforeReceive()
		lockchan(ch)
		s, sender := ch.recvNow(dst)
		unlockchan(ch)
		if sender != nil {
			ready(sender)
		}
		if s != mustWait {
			return true, s == done
		}
	}
	if nb {
		return false, false
	}
	w := unsafe.Pointer(new(waiter))
	s := chanrecv(c, dst, w)
	if s == mustWait {
		park1(chanparkHook, w)
		s = chanrecvwoken(w)
	}
	return true, s == done
}

//go:linkname reflect_chansend0 reflect.chansend0
func reflect_chansend0(c, src unsafe.Pointer, nb bool) bool {
	if c != nil {
		ch := (*hchan)(c)
		ch.beforeSend()
		lockchan(ch)
		sent := false
		var receiver *g
		shut := ch.closed != 0
		if !shut {
			sent, receiver = ch.sendNow(src)
		}
		unlockchan(ch)
		if receiver != nil {
			ready(receiver)
		}
		if sent {
			return true
		}
		if shut {
			panicplain("send on closed channel")
			raise()
		}
	}
	if nb {
		return false
	}
	w := unsafe.Pointer(new(waiter))
	if chansend(c, src, w) == mustWait {
		park1(chanparkHook, w)
		chansendwoken(w)
	}
	return true
}

// reflectCase is reflect's runtimeSelect.
type reflectCase struct {
	dir int // 1: send, 2: receive, 3: default
	typ *_type
	ch  unsafe.Pointer
	val unsafe.Pointer
}

type reflectSelect struct {
	cases unsafe.Pointer
	n     int
}

func rselectHook(arg, h unsafe.Pointer) bool {
	s := (*reflectSelect)(arg)
	return selectpark(s.cases, s.n, h)
}

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(list []reflectCase) (int, bool) {
	cases := make([]scase, len(list)+1)
	index := make([]int, len(list)+1) // where a case was in the list
	n := 0
	other := -1
	for i := 0; i < len(list); i++ {
		k := &list[i]
		switch k.dir {
		case 1:
			selectadd(unsafe.Pointer(&cases[n]), selectSend, k.ch, k.val)
		case 2:
			selectadd(unsafe.Pointer(&cases[n]), selectRecv, k.ch, k.val)
		default:
			other = i
			continue
		}
		index[n] = i
		n++
	}
	p := unsafe.Pointer(&cases[0])
	waits := &reflectSelect{p, n}
	chosen := selectgo(p, n, other < 0)
	if chosen == selectDefault {
		return other, false
	}
	if chosen == selectWait {
		park1(rselectHook, unsafe.Pointer(waits))
		chosen = selectwoken(p, n)
	}
	return index[chosen], list[index[chosen]].dir == 2 && selectok(p, chosen)
}
