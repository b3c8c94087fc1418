package runtime

// What internal/runtime/maps needs of the runtime; the maps themselves are the library's.

//go:linkname maps_fatal internal/runtime/maps.fatal
func maps_fatal(s string) {
	throw(s)
}

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 {
	return fastrand()
}

//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(t *_type) string {
	return t.string()
}

// zeroVal is what lookups of missing keys answer the address of. Nobody writes to it.
var zeroVal [1024]byte

// errNilAssign is what assignments to nil maps panic with.
var errNilAssign error = plainError("assignment to entry in nil map")
