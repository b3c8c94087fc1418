package runtime

import "unsafe"

// The interface of gc's profilers and tracer. goir has none of these: profiles hold nothing, a trace cannot be started.

// A StackRecord is a stack in a profile.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack is the part of Stack0 that is in use.
func (r *StackRecord) Stack() []uintptr { return usedPart(r.Stack0[:]) }

// A MemProfileRecord is what was allocated by one stack.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is how many bytes are in use.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is how many objects are in use.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack is the part of Stack0 that is in use.
func (r *MemProfileRecord) Stack() []uintptr { return usedPart(r.Stack0[:]) }

// A BlockProfileRecord is where goroutines waited.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// usedPart is what comes before the first zero.
func usedPart(stack []uintptr) []uintptr {
	for i, pc := range stack {
		if pc == 0 {
			return stack[:i]
		}
	}
	return stack
}

// profileStack is profilerecord.StackRecord.
type profileStack struct{ Stack []uintptr }

// profileMemory is profilerecord.MemProfileRecord.
type profileMemory struct {
	ObjectSize                int64
	AllocObjects, FreeObjects int64
	Stack                     []uintptr
}

// profileBlock is profilerecord.BlockProfileRecord.
type profileBlock struct {
	Count  int64
	Cycles int64
	Stack  []uintptr
}

// MemProfile is the memory profile: nothing.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// BlockProfile is the profile of waiting: nothing.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// MutexProfile is the profile of contended mutexes: nothing.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile is the profile of made threads: nothing.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

// GoroutineProfile has the stack of the calling goroutine only.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	if len(p) == 0 {
		return 1, false
	}
	p[0] = StackRecord{}
	callersFrom(1, p[0].Stack0[:])
	return 1, true
}

// SetBlockProfileRate has no effect.
func SetBlockProfileRate(rate int) {}

// SetMutexProfileFraction has no effect; the fraction is always 0.
func SetMutexProfileFraction(rate int) int { return 0 }

// SetCPUProfileRate has no effect.
func SetCPUProfileRate(hz int) {}

// CPUProfile panics, as it does in gc.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// SetCgoTraceback has no effect: there is no cgo.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

// StartTrace answers that there are no traces.
func StartTrace() error { return plainError("tracing is not supported by goir") }

// StopTrace has nothing to stop.
func StopTrace() {}

// ReadTrace has nothing to read.
func ReadTrace() (buf []byte) { return nil }

func traceAdvance(stopTrace bool) {}

func traceClockNow() uint64 { return uint64(nanotime()) }

//go:linkname trace_clockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func trace_clockUnitsPerSecond() uint64 { return 1e9 }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) { return nil, nil, true }

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

func pprof_memProfileInternal(p []profileMemory, inuseZero bool) (n int, ok bool) { return 0, true }

func pprof_blockProfileInternal(p []profileBlock) (n int, ok bool) { return 0, true }

func pprof_mutexProfileInternal(p []profileBlock) (n int, ok bool) { return 0, true }

func pprof_threadCreateInternal(p []profileStack) (n int, ok bool) { return 0, true }

func pprof_goroutineProfileWithLabels(p []profileStack, labels []unsafe.Pointer) (n int, ok bool) {
	if len(p) == 0 {
		return 1, false
	}
	stack := make([]uintptr, 128)
	p[0].Stack = stack[:callersFrom(1, stack)]
	if len(labels) > 0 {
		labels[0] = nil
	}
	return 1, true
}

func pprof_goroutineLeakProfileWithLabels(p []profileStack, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return 0 }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { GC() }

func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string { return f.Function }

// Labels of goroutines are for profiles.
//
//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) {}

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer { return nil }
