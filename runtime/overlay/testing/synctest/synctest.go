package synctest

import "testing"

// Goroutines have no bubbles: a test that wants one fails and says so, and the others of its package run.
func Test(t *testing.T, f func(*testing.T)) {
	t.Helper()
	t.Fatal("testing/synctest is not supported: goroutines have no bubbles")
}
