package reflectlite

import "unsafe"

// Defined by gc's runtime. The first word of a map is its length.
func maplen(m unsafe.Pointer) int {
	if m == nil {
		return 0
	}
	return *(*int)(m)
}
