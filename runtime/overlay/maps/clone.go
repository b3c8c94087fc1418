package maps

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

// Defined by gc's runtime. m holds a map, which is not nil.
func clone(m any) any {
	e := (*abi.EmptyInterface)(unsafe.Pointer(&m))
	e.Data = unsafe.Pointer((*maps.Map)(e.Data).Clone((*abi.MapType)(unsafe.Pointer(e.Type))))
	return m
}
