package main

// Type descriptors read through unsafe, as reflect and the runtime read them: they are laid out as gc's.

import "unsafe"

type desc struct {
	size, ptrBytes           uintptr
	hash                     uint32
	tflag, align, falign, kind uint8
	equal                    func(unsafe.Pointer, unsafe.Pointer) bool
	gcdata                   *byte
	str, ptrToThis           int32
}
type field struct {
	name *byte
	typ  *desc
	off  uintptr
}
type uncommon struct {
	pkg            int32
	mcount, xcount uint16
	moff, _        uint32
}
type iface struct {
	typ  *desc
	data unsafe.Pointer
}

const (
	flagUncommon = 1
	flagsShown   = 1 | 4 | 8 | 32
)

func word(d *desc, off uintptr) uintptr { return *(*uintptr)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + off)) }

func elem(d *desc, off uintptr) *desc { return *(**desc)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + off)) }

func readName(p *byte) (string, string) {
	at := func(i int) byte { return *(*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(p)) + uintptr(i))) }
	read := func(i int) (string, int) {
		n := int(at(i))
		return unsafe.String((*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(p))+uintptr(i)+1)), n), i + 1 + n
	}
	name, next := read(1)
	tag := ""
	if at(0)&2 != 0 {
		tag, _ = read(next)
	}
	return name, tag
}

var seen = map[*desc]int{}

func show(d *desc, depth int) {
	for i := 0; i < depth; i++ {
		print("  ")
	}
	if n, ok := seen[d]; ok {
		println("seen", n)
		return
	}
	seen[d] = len(seen)
	print("kind ", d.kind, " size ", d.size, " ptrs ", d.ptrBytes, " align ", d.align, d.falign, " flags ", d.tflag&flagsShown, " equal ", d.equal != nil, " gc ")
	if d.ptrBytes <= 400 { // gc makes the maps of larger types when they are asked for
		for i := uintptr(0); i < d.ptrBytes/8; i++ {
			b := *(*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(d.gcdata)) + i/8))
			print(b >> (i % 8) & 1)
		}
	}
	size := uintptr(48)
	switch d.kind {
	case 17:
		size = 72
		print(" len ", word(d, 64))
	case 18:
		size = 64
		print(" dir ", word(d, 56))
	case 19:
		size = 56
		in, out := *(*uint16)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + 48)), *(*uint16)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + 50))
		print(" in ", in, " out ", out)
	case 20:
		size = 80
		print(" methods ", word(d, 64), " pkg ", word(d, 48) != 0)
	case 21:
		size = 136
		for off := uintptr(80); off < 128; off += 8 {
			print(" ", word(d, off))
		}
		print(" flags ", *(*uint32)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + 128)))
		group := elem(d, 64)
		print(" group ", group.size, " ", group.ptrBytes, " hash ", word(d, 72) != 0)
	case 22, 23:
		size = 56
	case 25:
		size = 80
		print(" fields ", word(d, 64), " pkg ", word(d, 48) != 0)
	}
	if d.tflag&flagUncommon != 0 {
		u := (*uncommon)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + size))
		print(" methods ", u.mcount, " exported ", u.xcount, " moff ", u.moff)
	}
	println()
	up := uintptr(0)
	if d.tflag&flagUncommon != 0 {
		up = 16
	}
	switch d.kind {
	case 17, 18, 22, 23:
		show(elem(d, 48), depth+1)
	case 21:
		show(elem(d, 48), depth+1)
		show(elem(d, 56), depth+1)
	case 19:
		in := *(*uint16)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + 48))
		out := *(*uint16)(unsafe.Pointer(uintptr(unsafe.Pointer(d)) + 50)) & 0x7fff
		for i := uintptr(0); i < uintptr(in+out); i++ {
			show(elem(d, size+up+8*i), depth+1)
		}
	case 25:
		n := word(d, 64)
		for i := uintptr(0); i < n; i++ {
			f := (*field)(unsafe.Pointer(word(d, 56) + 24*i))
			name, tag := readName(f.name)
			println(name, tag, f.off, *f.name)
			show(f.typ, depth+1)
		}
	}
}

type T struct {
	Name string `json:"name" x:"y"`
	next *T
	E
	_ [0]int
}
type E interface {
	M(int, ...string) (bool, error)
	n()
}
type S string

func (s S) Len() int       { return len(s) }
func (s *S) set(x string)  { *s = S(x) }
func (s S) Other(a, b int) {}

type F func(S) E
type Fl struct {
	a float32
	b complex128
}
type Plain struct {
	a, b int32
	c    int64
}
type M map[string]*T

func main() {
	for _, x := range []any{
		true, int8(1), 1, uint64(1), uintptr(1), float32(1), complex64(1), "", unsafe.Pointer(nil),
		S("s"), new(S), T{}, &T{}, []T{}, [3]S{}, [3]int16{}, map[int32]bool{}, M{}, map[any]Fl{}, map[Plain][200]byte{},
		map[[130]byte]string{}, make(chan int), make(<-chan S), make(chan<- *int), F(nil), func(int, ...any) (string, error) { return "", nil },
		Fl{}, Plain{}, struct{}{}, struct{ a, b any }{}, struct{ p *int }{}, [1]func(){}, [40]*int{}, struct {
			x [70]string
			y int
		}{}, (*error)(nil), (*interface{ Foo() })(nil),
	} {
		show((*iface)(unsafe.Pointer(&x)).typ, 0)
	}
}
