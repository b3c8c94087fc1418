package reflect

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// Maps. gc's runtime defines these for reflect; they are calls of internal/runtime/maps.

// What a lookup is: gc's name for a function of internal/runtime/maps.
//
//go:noescape
//go:linkname mapaccess2 runtime.mapaccess2
func mapaccess2(t *abi.Type, m, key unsafe.Pointer) (unsafe.Pointer, bool)

// What a lookup of a string is: gc's name for a function of internal/runtime/maps.
//
//go:noescape
//go:linkname mapaccess2_faststr runtime.mapaccess2_faststr
func mapaccess2_faststr(t *abi.Type, m unsafe.Pointer, key string) (unsafe.Pointer, bool)

// What an assignment is: gc's name for a function of internal/runtime/maps.
//
//go:noescape
//go:linkname mapassign1 runtime.mapassign
func mapassign1(t *abi.Type, m, key unsafe.Pointer) unsafe.Pointer

// What an assignment to a string is: gc's name for a function of internal/runtime/maps.
//
//go:noescape
//go:linkname mapassign1_faststr runtime.mapassign_faststr
func mapassign1_faststr(t *abi.Type, m unsafe.Pointer, key string) unsafe.Pointer

// Defined by gc's runtime.
func makemap(t *abi.Type, cap int) (m unsafe.Pointer) {
	mt := (*abi.MapType)(unsafe.Pointer(t))
	return unsafe.Pointer(maps.NewMap(mt, uintptr(max(cap, 0)), nil, 1<<48))
}

// What a deletion is. As the method that it is, it would keep keys, for all that the compiler can see: it calls function values.
//
//go:noescape
//go:linkname mapdelete1 internal/runtime/maps.(*Map).Delete
func mapdelete1(m unsafe.Pointer, t *abi.Type, key unsafe.Pointer)

// Defined by gc's runtime. A missing element is nil.
func mapaccess(t *abi.Type, m unsafe.Pointer, key unsafe.Pointer) (val unsafe.Pointer) {
	val, ok := mapaccess2(t, m, key)
	if !ok {
		return nil
	}
	return val
}

// Defined by gc's runtime. A missing element is nil.
func mapaccess_faststr(t *abi.Type, m unsafe.Pointer, key string) (val unsafe.Pointer) {
	val, ok := mapaccess2_faststr(t, m, key)
	if !ok {
		return nil
	}
	return val
}

// Defined by gc's runtime.
func mapassign0(t *abi.Type, m unsafe.Pointer, key, val unsafe.Pointer) {
	typedmemmove((*abi.MapType)(unsafe.Pointer(t)).Elem, mapassign1(t, m, key), val)
}

// Defined by gc's runtime.
func mapassign_faststr0(t *abi.Type, m unsafe.Pointer, key string, val unsafe.Pointer) {
	typedmemmove((*abi.MapType)(unsafe.Pointer(t)).Elem, mapassign1_faststr(t, m, key), val)
}

// Defined by gc's runtime.
func mapdelete(t *abi.Type, m unsafe.Pointer, key unsafe.Pointer) {
	mapdelete1(m, t, key)
}

// Defined by gc's runtime.
func mapdelete_faststr(t *abi.Type, m unsafe.Pointer, key string) {
	mapdelete(t, m, unsafe.Pointer(&key))
}

// Defined by gc's runtime.
func maplen(m unsafe.Pointer) int {
	if m == nil {
		return 0
	}
	return int((*maps.Map)(m).Used())
}

// Defined by gc's runtime.
func mapclear(t *abi.Type, m unsafe.Pointer) {
	(*maps.Map)(m).Clear((*abi.MapType)(unsafe.Pointer(t)))
}
