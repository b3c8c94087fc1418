package reflectlite

import (
	"internal/abi"
	"unsafe"
)

// gc's runtime defines these for reflectlite; ours has them for reflect.

// See above.
//
//go:linkname resolveNameOff reflect.resolveNameOff
func resolveNameOff(ptrInModule unsafe.Pointer, off int32) unsafe.Pointer

// See above.
//
//go:linkname resolveTypeOff reflect.resolveTypeOff
func resolveTypeOff(rtype unsafe.Pointer, off int32) unsafe.Pointer

// See above.
//
//go:linkname chanlen reflect.chanlen
func chanlen(c unsafe.Pointer) int

// See above.
//
//go:linkname unsafe_New reflect.unsafe_New
func unsafe_New(t *abi.Type) unsafe.Pointer

// See above.
//
//go:linkname ifaceE2I reflect.ifaceE2I
func ifaceE2I(t *abi.Type, src any, dst unsafe.Pointer)

// See above.
//
//go:linkname typedmemmove reflect.typedmemmove
func typedmemmove(t *abi.Type, dst, src unsafe.Pointer)
