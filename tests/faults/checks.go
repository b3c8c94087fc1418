package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unsafe"
)

// Failing checks of indices, divisions, conversions, assertions and sizes.

var _ = topic("checks", append(bounds,
	program{"divide", divide, ""},
	program{"divide_small", divideSmall, ""},
	program{"remainder", remainder, ""},
	program{"shift_negative", shiftNegative, ""},
	program{"convert_array", convertArray, ""},
	program{"convert_array_pointer", convertArrayPointer, ""},
	program{"unsafe_slice_nil", unsafeSliceNil, ""},
	program{"unsafe_slice_len", unsafeSliceLen, ""},
	program{"unsafe_string_len", unsafeStringLen, ""},
	program{"map_nil", mapNil, ""},
	program{"map_nil_update", mapNilUpdate, ""},
	program{"map_unhashable", mapUnhashable, ""},
	program{"map_unhashable_inside", mapUnhashableInside, ""},
	program{"map_unhashable_lookup", mapUnhashableLookup, ""},
	program{"map_unhashable_delete", mapUnhashableDelete, ""},
	program{"compare_slices", compareSlices, ""},
	program{"compare_inside", compareInside, ""},
	program{"compare_switch", compareSwitch, ""},
	program{"assert_nil", assertNil, ""},
	program{"assert_nil_named", assertNilNamed, ""},
	program{"assert_other_type", assertOtherType, ""},
	program{"assert_named_interface", assertNamedInterface, ""},
	program{"assert_missing_method", assertMissingMethod, ""},
	program{"assert_pointer_receiver", assertPointerReceiver, ""},
	program{"assert_unexported_method", assertUnexportedMethod, ""},
	program{"assert_scopes", assertScopes, ""},
	program{"assert_nil_to_interface", assertNilToInterface, ""},
	program{"assert_unnamed_types", assertUnnamedTypes, ""},
	program{"assert_generic", assertGeneric, ""},
	program{"chan_send_closed", chanSendClosed, ""},
	program{"chan_close_closed", chanCloseClosed, ""},
	program{"chan_close_nil", chanCloseNil, ""},
	program{"chan_send_closed_waiting", chanSendClosedWaiting, ""},
	program{"chan_select_closed", chanSelectClosed, ""},
	program{"make_slice_len", makeSliceLen, ""},
	program{"make_slice_cap", makeSliceCap, ""},
	program{"make_slice_huge", makeSliceHuge, ""},
	program{"make_chan", makeChan, ""},
	program{"strings_repeat", stringsRepeat, ""},
	program{"out_of_memory", outOfMemory, "text"},
)...)

// Every text of an index or slice expression out of range.
var bounds = []program{
	{"index", func() { sink = ints()[big] }, ""},
	{"index_at_length", func() { sink = ints()[one*3] }, ""},
	{"index_negative", func() { sink = ints()[-one] }, ""},
	{"index_uint", func() { sink = ints()[uint64(zero)-1] }, ""},
	{"index_uint8", func() { sink = ints()[uint8(zero-1)] }, ""},
	{"index_int8", func() { sink = ints()[int8(zero-128)] }, ""},
	{"index_array", func() { sink = array[big] }, ""},
	{"index_array_negative", func() { array[zero-3] = 1 }, ""},
	{"index_string", func() { sink = "some text"[big] }, ""},
	{"index_empty", func() { sink = []string{}[zero] }, ""},
	{"index_set", func() { ints()[big]++ }, ""},
	{"index_args", func() { sink = os.Args[big] }, ""},
	{"slice_high", func() { sink = ints()[:big] }, ""},
	{"slice_high_cap", func() { sink = ints()[one:6] }, ""},
	{"slice_high_negative", func() { sink = ints()[:-one] }, ""},
	{"slice_high_uint", func() { sink = ints()[:uint(zero)-1] }, ""},
	{"slice_low", func() { sink = ints()[big:] }, ""},
	{"slice_low_negative", func() { sink = ints()[-one:] }, ""},
	{"slice_order", func() { sink = ints()[one*4 : one*2] }, ""},
	{"slice_low_uint", func() { sink = ints()[uint8(zero-1):] }, ""},
	{"slice3_max", func() { sink = ints()[:one:big] }, ""},
	{"slice3_max_cap", func() { sink = ints()[0:one:6] }, ""},
	{"slice3_max_negative", func() { sink = ints()[0:one:-one] }, ""},
	{"slice3_high", func() { sink = ints()[0 : one*4 : one*2] }, ""},
	{"slice3_high_negative", func() { sink = ints()[0 : -one : one*2] }, ""},
	{"slice3_low", func() { sink = ints()[one*3 : one*2 : one*4] }, ""},
	{"slice3_low_negative", func() { sink = ints()[-one : one*2 : one*4] }, ""},
	{"slice_array", func() { sink = array[:big] }, ""},
	{"slice_array_pointer", func() { sink = (&array)[one*9:] }, ""},
	{"slice3_array", func() { sink = array[0:one:big] }, ""},
	{"slice_string", func() { sink = "some text"[:big] }, ""},
	{"slice_string_low", func() { sink = "some text"[big:] }, ""},
	{"slice_string_order", func() { sink = "some text"[one*5 : one*2] }, ""},
	{"slice_string_negative", func() { sink = "some text"[-one:] }, ""},
}

func divide()        { sink = 100 / zero }
func divideSmall()   { sink = uint8(big) / uint8(zero) }
func remainder()     { sink = int64(one) % int64(zero) }
func shiftNegative() { sink = 1 << -one }

func convertArray()        { sink = [4]int(ints()) }
func convertArrayPointer() { sink = (*[9]int)(ints()) }
func unsafeSliceNil()      { sink = unsafe.Slice((*int)(nil), one) }
func unsafeSliceLen()      { sink = unsafe.Slice(&array[0], -one) }
func unsafeStringLen()     { sink = unsafe.String(new(byte), -one) }

func mapNil() {
	var m map[string]int
	m["k"] = 1
}

func mapNilUpdate() {
	var m map[int][]int
	m[3] = append(m[3], 1)
}

type key struct {
	name string
	v    any
}

func mapUnhashable()       { sink = map[any]int{"fine": 1, any(ints()): 2} }
func mapUnhashableInside() { sink = map[key]int{{"a", 1}: 1, {"b", [2]any{1, func() {}}}: 2} }
func mapUnhashableLookup() {
	m := map[any]int{1: 1}
	sink = m[map[int]int{}]
}
func mapUnhashableDelete() { delete(map[any]int{1: 1}, any(key{"x", ints()})) }

func compareSlices() { sink = any(ints()) == any(ints()) }
func compareInside() { sink = key{"a", compareInside} == key{"a", compareInside} }
func compareSwitch() {
	switch v := any(map[int]int{}); v {
	case 1, any(map[int]int{}):
	}
}

type local struct{ a int }

func (l *local) Write(p []byte) (int, error) { return 0, nil }
func (l local) hidden()                      {}

type hider interface{ hidden() }
type other int
type box[T any] struct{ v T }

func assertNil() {
	var x any
	sink = x.(int)
}
func assertNilNamed() {
	var x fmt.Stringer
	sink = x.(*strings.Builder)
}
func assertOtherType() {
	var x any = local{}
	sink = x.(*local)
}
func assertNamedInterface() {
	var x error = io.EOF
	sink = x.(*os.PathError)
}
func assertMissingMethod() {
	var x any = other(5)
	sink = x.(fmt.Stringer)
}
func assertPointerReceiver() {
	var x any = local{}
	sink = x.(io.Writer)
}
func assertUnexportedMethod() {
	var x any = other(1)
	sink = x.(hider)
}
func assertScopes() {
	var x any
	{
		type t struct{}
		x = t{}
	}
	type t struct{}
	sink = x.(t)
}
func assertNilToInterface() {
	var x any
	sink = x.(io.Reader)
}
func assertUnnamedTypes() {
	var x any = map[string][]func(int, ...string) (a, b chan<- bool){}
	sink = x.(struct {
		A int `tag:"x"`
		b *[3]any
	})
}
func assertGeneric() {
	var x any = box[map[string]local]{}
	sink = x.(box[other])
}

func chanSendClosed() {
	c := make(chan int, 1)
	close(c)
	c <- one
}
func chanCloseClosed() {
	c := make(chan int)
	close(c)
	close(c)
}
func chanCloseNil() {
	var c chan string
	close(c)
}
func chanSendClosedWaiting() {
	c := make(chan int)
	go func() {
		blocked(1, "chan send")
		close(c)
	}()
	sendTo(c)
}

//go:noinline
func sendTo(c chan int) {
	c <- 1
	fmt.Println("not reached")
}
func chanSelectClosed() {
	c := make(chan int)
	close(c)
	select {
	case c <- 1:
	case <-make(chan int):
	}
}

func makeSliceLen()  { sink = make([]int, -one) }
func makeSliceCap()  { sink = make([]int, 2, one) }
func makeSliceHuge() { sink = make([]int, 1<<62*one) }
func makeChan()      { sink = make(chan int, -one) }
func stringsRepeat() { sink = strings.Repeat("x", -one) }
func outOfMemory()   { sink = make([]byte, 1<<46*one) }
