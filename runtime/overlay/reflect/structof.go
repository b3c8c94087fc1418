package reflect

import (
	"internal/abi"
	"sync"
	"unsafe"
)

// Methods that types made by StructOf have of an embedded interface. They panic, as gc's do: but here a panic is a flag among
// the results, so each method type has a function of its own.

// The record that stands for all of them in method tables.
func ifaceMethod() unsafe.Pointer {
	stub := embeddedIfaceMethStub
	return *(*unsafe.Pointer)(unsafe.Pointer(&stub))
}

// Records of the functions: map[*funcType]unsafe.Pointer.
var ifaceMethodStubs sync.Map

func ifaceMethodStub(t *funcType) unsafe.Pointer {
	if record, ok := ifaceMethodStubs.Load(t); ok {
		return record.(unsafe.Pointer)
	}
	stub := newStub(t, planOf(t, true), func([]Value) []Value {
		embeddedIfaceMethStub()
		return nil
	}, nil)
	record, _ := ifaceMethodStubs.LoadOrStore(t, stub)
	return record.(unsafe.Pointer)
}

// addMethodStub tells the runtime, which makes interface tables, what to put there for methods of a type that have the record
// placeholder.
//
//go:linkname addMethodStub runtime.addMethodStub
func addMethodStub(placeholder unsafe.Pointer, mtyp aTypeOff, record unsafe.Pointer)

// The only code that StructOf puts into a method table is the address of embeddedIfaceMethStub; it needs a record.
func resolveReflectText(ptr unsafe.Pointer) aTextOff {
	if uintptr(ptr) == abi.FuncPCABIInternal(embeddedIfaceMethStub) {
		ptr = ifaceMethod()
	}
	return aTextOff(addReflectOff(ptr))
}

// StructOf calls it for the types of methods, which are nil where they are not linked.
func resolveReflectType(t *abi.Type) aTypeOff {
	off := aTypeOff(addReflectOff(unsafe.Pointer(t)))
	if t != nil && t.Kind() == abi.Func {
		addMethodStub(ifaceMethod(), off, ifaceMethodStub((*funcType)(unsafe.Pointer(t))))
	}
	return off
}
