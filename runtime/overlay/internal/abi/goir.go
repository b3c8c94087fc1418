package abi

import "unsafe"

// In gc the compiler knows these functions. A function value's record begins with the address of its code.
func FuncPCABI0(f any) uintptr { return FuncPCABIInternal(f) }

// See FuncPCABI0.
func FuncPCABIInternal(f any) uintptr {
	return *(*uintptr)((*EmptyInterface)(unsafe.Pointer(&f)).Data)
}

// In gc the compiler knows this function, and its body panics.
func EscapeNonString[T any](v T) {
	if alwaysFalse {
		escapeSink = v
	}
}

// In gc the compiler knows this function.
func EscapeToResultNonString[T any](v T) T { return v }
