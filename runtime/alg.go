package runtime

import "unsafe"

// Equality and hashing of values by type. Type descriptors refer to the …equal and …hash functions here; map types to
// a hasher.

func memequal8_eq(p, q unsafe.Pointer) bool {
	return *(*uint8)(p) == *(*uint8)(q)
}

func memequal16_eq(p, q unsafe.Pointer) bool {
	return *(*uint16)(p) == *(*uint16)(q)
}

func memequal32_eq(p, q unsafe.Pointer) bool {
	return *(*uint32)(p) == *(*uint32)(q)
}

func memequal64_eq(p, q unsafe.Pointer) bool {
	return *(*uint64)(p) == *(*uint64)(q)
}

func memequal128_eq(p, q unsafe.Pointer) bool {
	return *(*uint64)(p) == *(*uint64)(q) && *(*uint64)(add(p, 8)) == *(*uint64)(add(q, 8))
}

func strequal(p, q unsafe.Pointer) bool {
	return eqstring(*(*string)(p), *(*string)(q))
}

func f32equal(p, q unsafe.Pointer) bool {
	return *(*float32)(p) == *(*float32)(q)
}

func f64equal(p, q unsafe.Pointer) bool {
	return *(*float64)(p) == *(*float64)(q)
}

func c64equal(p, q unsafe.Pointer) bool {
	return f32equal(p, q) && f32equal(add(p, 4), add(q, 4))
}

func c128equal(p, q unsafe.Pointer) bool {
	return f64equal(p, q) && f64equal(add(p, 8), add(q, 8))
}

func interequal(p, q unsafe.Pointer) bool {
	// There may be two tables for one type: the compiler's and one made at run time.
	x, y := (*iface)(p), (*iface)(q)
	t := ifacetype(unsafe.Pointer(x.tab))
	return t == ifacetype(unsafe.Pointer(y.tab)) && efaceeq(t, x.data, y.data)
}

func nilinterequal(p, q unsafe.Pointer) bool {
	x, y := (*eface)(p), (*eface)(q)
	return x.typ == y.typ && efaceeq(x.typ, x.data, y.data)
}

// typeequal compares two structs or arrays of the type in its closure record.
func typeequal(p, q unsafe.Pointer) bool {
	return typedequal(*(**_type)(add(ctx(), 16)), p, q)
}

// typehash hashes a value of the type in its closure record.
func typehash(p unsafe.Pointer, seed uintptr) uintptr {
	return hashOf(*(**_type)(add(ctx(), 16)), p, seed)
}

// typedequal compares two values of type t in memory.
func typedequal(t *_type, p, q unsafe.Pointer) bool {
	switch t.kind {
	case kindStruct:
		return structequal((*structType)(unsafe.Pointer(t)), p, q)
	case kindArray:
		at := (*arrayType)(unsafe.Pointer(t))
		if at.elem.tflag&tflagRegularMemory != 0 {
			return memequal(p, q, t.size)
		}
		for i := uintptr(0); i < at.len; i++ {
			if !typedequal(at.elem, add(p, i*at.elem.size), add(q, i*at.elem.size)) {
				return false
			}
		}
		return true
	case kindInterface:
		if len((*interfaceType)(unsafe.Pointer(t)).methods) == 0 {
			return nilinterequal(p, q)
		}
		return interequal(p, q)
	case kindString:
		return strequal(p, q)
	case kindFloat32:
		return f32equal(p, q)
	case kindFloat64:
		return f64equal(p, q)
	case kindComplex64:
		return c64equal(p, q)
	case kindComplex128:
		return c128equal(p, q)
	case kindFunc, kindSlice, kindMap:
		panicerror("comparing uncomparable type " + t.string())
		raise()
	}
	switch t.size {
	case 1:
		return memequal8_eq(p, q)
	case 2:
		return memequal16_eq(p, q)
	case 4:
		return memequal32_eq(p, q)
	}
	return memequal64_eq(p, q)
}

// structequal compares what is cheap first, but nothing that is behind an interface before it, which may panic.
func structequal(t *structType, p, q unsafe.Pointer) bool {
	for i := 0; i < len(t.fields); {
		end := i
		for end < len(t.fields) && t.fields[end].typ.kind != kindInterface {
			f := &t.fields[end]
			if !isBlank(f.name) && !maybeequal(f.typ, add(p, f.offset), add(q, f.offset)) {
				return false
			}
			end++
		}
		if end < len(t.fields) {
			end++
		}
		for ; i < end; i++ {
			f := &t.fields[i]
			if !isBlank(f.name) && !typedequal(f.typ, add(p, f.offset), add(q, f.offset)) {
				return false
			}
		}
	}
	return true
}

// maybeequal is false for values that a cheap look tells apart.
func maybeequal(t *_type, p, q unsafe.Pointer) bool {
	if t.kind == kindString {
		return (*stringHeader)(p).len == (*stringHeader)(q).len
	}
	if t.tflag&tflagRegularMemory != 0 && t.size <= 8 {
		return memequal(p, q, t.size)
	}
	return true
}

func isBlank(name unsafe.Pointer) bool {
	n, at := nameLen(name, 1)
	return n == 1 && loadbyte(name, at) == '_'
}

// efaceeq compares the data words of two interface values of dynamic type t.
func efaceeq(t *_type, x, y unsafe.Pointer) bool {
	if t == nil {
		return true
	}
	eq := t.equal
	if eq == nil {
		panicerror("comparing uncomparable type " + t.string())
		raise()
	}
	if t.directIface() {
		return x == y
	}
	if t.kind == kindString {
		return strequal(x, y)
	}
	return eq(x, y)
}

func ifaceeq(tab, x, y unsafe.Pointer) bool {
	if tab == nil {
		return true
	}
	return efaceeq((*itab)(tab).typ, x, y)
}

// Multiplication-based hashing: a round folds the 128-bit product of two words.

const (
	hashKey0 = 0x9e3779b97f4a7c15
	hashKey1 = 0xd6e8feb86659fd93
	hashKey2 = 0xa0761d6478bd642f
)

func mix(a, b uint64) uint64 {
	hi, lo := mul64(a, b)
	return hi ^ lo
}

func hash64(x uint64, seed uintptr) uintptr {
	return uintptr(mix(x^hashKey0, uint64(seed)^hashKey1))
}

// memhash hashes n bytes.
func memhash(p unsafe.Pointer, seed, n uintptr) uintptr {
	h := uint64(seed) ^ hashKey2
	rest := n
	for rest > 16 {
		h = mix(*(*uint64)(p)^hashKey0^h, *(*uint64)(add(p, 8))^hashKey1)
		p = add(p, 16)
		rest -= 16
	}
	a, b := uint64(0), uint64(0)
	switch {
	case rest >= 8:
		a = *(*uint64)(p)
		b = *(*uint64)(add(p, rest-8))
	case rest >= 4:
		a = uint64(*(*uint32)(p))
		b = uint64(*(*uint32)(add(p, rest-4)))
	case rest > 0:
		a = uint64(loadbyte(p, 0))<<16 | uint64(loadbyte(p, rest>>1))<<8 | uint64(loadbyte(p, rest-1))
	}
	h = mix(a^hashKey0^h, b^hashKey1)
	return uintptr(mix(h^uint64(n), hashKey2))
}

func memhash8(p unsafe.Pointer, seed uintptr) uintptr {
	return hash64(uint64(*(*uint8)(p)), seed)
}

func memhash16(p unsafe.Pointer, seed uintptr) uintptr {
	return hash64(uint64(*(*uint16)(p)), seed)
}

func memhash32(p unsafe.Pointer, seed uintptr) uintptr {
	return hash64(uint64(*(*uint32)(p)), seed)
}

func memhash64(p unsafe.Pointer, seed uintptr) uintptr {
	return hash64(*(*uint64)(p), seed)
}

func memhash128(p unsafe.Pointer, seed uintptr) uintptr {
	return memhash(p, seed, 16)
}

func strhash(p unsafe.Pointer, seed uintptr) uintptr {
	s := (*stringHeader)(p)
	return memhash(s.ptr, seed, uintptr(s.len))
}

// hashFloat hashes a float: equal values alike, NaNs at random.
func hashFloat(f float64, seed uintptr) uintptr {
	if f == 0 {
		return hash64(0, seed) // +0 and -0
	}
	if f != f {
		return uintptr(fastrand())
	}
	return hash64(floatbits64(f), seed)
}

func f32hash(p unsafe.Pointer, seed uintptr) uintptr {
	return hashFloat(float64(*(*float32)(p)), seed)
}

func f64hash(p unsafe.Pointer, seed uintptr) uintptr {
	return hashFloat(*(*float64)(p), seed)
}

func c64hash(p unsafe.Pointer, seed uintptr) uintptr {
	return f32hash(add(p, 4), f32hash(p, seed))
}

func c128hash(p unsafe.Pointer, seed uintptr) uintptr {
	return f64hash(add(p, 8), f64hash(p, seed))
}

func interhash(p unsafe.Pointer, seed uintptr) uintptr {
	x := (*iface)(p)
	if x.tab == nil {
		return seed
	}
	return hashWord(x.tab.typ, x.data, seed)
}

func nilinterhash(p unsafe.Pointer, seed uintptr) uintptr {
	x := (*eface)(p)
	if x.typ == nil {
		return seed
	}
	return hashWord(x.typ, x.data, seed)
}

// hashWord hashes an interface's data word. The type of the value matters little, but it must be comparable.
func hashWord(t *_type, data unsafe.Pointer, seed uintptr) uintptr {
	if t.equal == nil {
		panicerror("hash of unhashable type " + t.string())
		raise()
	}
	if t.directIface() {
		return hash64(uint64(uintptr(data)), seed)
	}
	return hashOf(t, data, seed)
}

// hashOf hashes a value of type t in memory.
func hashOf(t *_type, p unsafe.Pointer, seed uintptr) uintptr {
	switch t.kind {
	case kindStruct:
		st := (*structType)(unsafe.Pointer(t))
		for i := 0; i < len(st.fields); i++ {
			f := &st.fields[i]
			if !isBlank(f.name) {
				seed = hashOf(f.typ, add(p, f.offset), seed)
			}
		}
		return seed
	case kindArray:
		at := (*arrayType)(unsafe.Pointer(t))
		if at.elem.tflag&tflagRegularMemory != 0 {
			return memhash(p, seed, t.size)
		}
		for i := uintptr(0); i < at.len; i++ {
			seed = hashOf(at.elem, add(p, i*at.elem.size), seed)
		}
		return seed
	case kindInterface:
		if len((*interfaceType)(unsafe.Pointer(t)).methods) == 0 {
			return nilinterhash(p, seed)
		}
		return interhash(p, seed)
	case kindString:
		return strhash(p, seed)
	case kindFloat32:
		return f32hash(p, seed)
	case kindFloat64:
		return f64hash(p, seed)
	case kindComplex64:
		return c64hash(p, seed)
	case kindComplex128:
		return c128hash(p, seed)
	case kindFunc, kindSlice, kindMap:
		panicerror("hash of unhashable type " + t.string())
		raise()
	}
	return memhash(p, seed, t.size)
}

// keepalg takes the address of the functions that only type descriptors refer to: that puts them into the form
// dynamic calls expect.
func keepalg() {
	keepeq(memequal8_eq)
	keepeq(memequal16_eq)
	keepeq(memequal32_eq)
	keepeq(memequal64_eq)
	keepeq(memequal128_eq)
	keepeq(strequal)
	keepeq(interequal)
	keepeq(nilinterequal)
	keepeq(f32equal)
	keepeq(f64equal)
	keepeq(c64equal)
	keepeq(c128equal)
	keepeq(typeequal)
	keephash(memhash8)
	keephash(memhash16)
	keephash(memhash32)
	keephash(memhash64)
	keephash(memhash128)
	keephash(strhash)
	keephash(interhash)
	keephash(nilinterhash)
	keephash(f32hash)
	keephash(f64hash)
	keephash(c64hash)
	keephash(c128hash)
	keephash(typehash)
}

//go:noinline
func keepeq(f func(p, q unsafe.Pointer) bool) {
}

//go:noinline
func keephash(f func(p unsafe.Pointer, seed uintptr) uintptr) {
}
