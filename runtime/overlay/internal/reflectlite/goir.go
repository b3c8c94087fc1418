package reflectlite

import (
	"internal/abi"
	"unsafe"
)

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname resolveNameOff reflect.resolveNameOff
func resolveNameOff(ptrInModule unsafe.Pointer, off int32) unsafe.Pointer

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname resolveTypeOff reflect.resolveTypeOff
func resolveTypeOff(rtype unsafe.Pointer, off int32) unsafe.Pointer

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname chanlen reflect.chanlen
func chanlen(c unsafe.Pointer) int

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname unsafe_New reflect.unsafe_New
func unsafe_New(t *abi.Type) unsafe.Pointer

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname ifaceE2I reflect.ifaceE2I
func ifaceE2I(t *abi.Type, src any, dst unsafe.Pointer)

// gc's runtime defines it for reflectlite too; ours has it for reflect.
//
//go:linkname typedmemmove reflect.typedmemmove
func typedmemmove(t *abi.Type, dst, src unsafe.Pointer)
