package runtime

import "unsafe"

// Bubbles of testing/synctest: there are none. Run, which would make one, is not defined; what asks about bubbles is told
// so.

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool {
	return false
}

//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	panic("goroutine is not in a bubble")
}

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	return 0
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	return false
}

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(bubble any) {
}
