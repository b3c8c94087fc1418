package runtime

import "unsafe"

// Type descriptors, in the layout of internal/abi of Go 1.27. Offsets to names, types and code are 32-bit absolute
// addresses: executables are linked below 2 GiB. What reflection makes at run time has negative ones (reflect.go).

type _type struct {
	size       uintptr
	ptrBytes   uintptr // the prefix that can hold pointers
	hash       uint32
	tflag      uint8
	align      uint8
	fieldAlign uint8
	kind       uint8
	equal      func(unsafe.Pointer, unsafe.Pointer) bool // nil: not comparable
	gcdata     unsafe.Pointer                            // one bit a word, for ptrBytes/8 bits
	str        int32
	ptrToThis  int32
}

const (
	kindBool          = 1
	kindInt           = 2
	kindInt8          = 3
	kindInt16         = 4
	kindInt32         = 5
	kindInt64         = 6
	kindUint          = 7
	kindUint8         = 8
	kindUint16        = 9
	kindUint32        = 10
	kindUint64        = 11
	kindUintptr       = 12
	kindFloat32       = 13
	kindFloat64       = 14
	kindComplex64     = 15
	kindComplex128    = 16
	kindArray         = 17
	kindChan          = 18
	kindFunc          = 19
	kindInterface     = 20
	kindMap           = 21
	kindPointer       = 22
	kindSlice         = 23
	kindString        = 24
	kindStruct        = 25
	kindUnsafePointer = 26
)

const (
	tflagUncommon       = 1 << 0
	tflagExtraStar      = 1 << 1
	tflagNamed          = 1 << 2
	tflagRegularMemory  = 1 << 3
	tflagGCMaskOnDemand = 1 << 4
	tflagDirectIface    = 1 << 5
)

type uncommonType struct {
	pkgPath int32
	mcount  uint16
	xcount  uint16
	moff    uint32
	_       uint32
}

type method struct {
	name int32
	mtyp int32
	ifn  int32 // address of the static record of the function interface calls use
	tfn  int32
}

type imethod struct {
	name int32
	typ  int32
}

type arrayType struct {
	typ   _type
	elem  *_type
	slice *_type
	len   uintptr
}

type chanType struct {
	typ  _type
	elem *_type
	dir  int
}

type funcType struct {
	typ      _type
	inCount  uint16
	outCount uint16 // top bit: variadic
}

type interfaceType struct {
	typ     _type
	pkgPath unsafe.Pointer
	methods []imethod // sorted by name
}

type mapType struct {
	typ        _type
	key        *_type
	elem       *_type
	group      *_type
	hasher     func(unsafe.Pointer, uintptr) uintptr
	groupSize  uintptr
	keysOff    uintptr
	keyStride  uintptr
	elemsOff   uintptr
	elemStride uintptr
	elemOff    uintptr
	flags      uint32
}

type ptrType struct {
	typ  _type
	elem *_type
}

type sliceType struct {
	typ  _type
	elem *_type
}

type structField struct {
	name   unsafe.Pointer
	typ    *_type
	offset uintptr
}

type structType struct {
	typ     _type
	pkgPath unsafe.Pointer
	fields  []structField
}

type itab struct {
	inter *interfaceType
	typ   *_type
	hash  uint32
	_     uint32
	fun   [1]unsafe.Pointer // as many as the interface has methods
}

// nameLen reads the varint length of a name at offset i and answers it with the offset behind it.
func nameLen(p unsafe.Pointer, i uintptr) (n, next uintptr) {
	shift := uintptr(0)
	for {
		b := uintptr(loadbyte(p, i))
		i++
		n |= (b & 0x7f) << shift
		if b < 0x80 {
			return n, i
		}
		shift += 7
	}
}

// nameText is the text of the name at p: a flag byte, a varint length, the bytes.
func nameText(p unsafe.Pointer) string {
	if p == nil {
		return ""
	}
	n, at := nameLen(p, 1)
	return unsafe.String((*byte)(add(p, at)), int(n))
}

func nameAt(off int32) unsafe.Pointer {
	return offsetAt(off)
}

func nameExported(p unsafe.Pointer) bool {
	return loadbyte(p, 0)&1 != 0
}

// namePkgPath is the package path stored behind an unexported method's name, "" if none is.
func namePkgPath(p unsafe.Pointer) string {
	flags := loadbyte(p, 0)
	if flags&4 == 0 {
		return ""
	}
	n, at := nameLen(p, 1)
	at += n
	if flags&2 != 0 {
		n, at = nameLen(p, at)
		at += n
	}
	// A 4-byte offset that need not be aligned.
	off := uint32(loadbyte(p, at)) | uint32(loadbyte(p, at+1))<<8 | uint32(loadbyte(p, at+2))<<16 | uint32(loadbyte(p, at+3))<<24
	return nameText(nameAt(int32(off)))
}

func (t *_type) string() string {
	s := nameText(nameAt(t.str))
	if t.tflag&tflagExtraStar != 0 {
		return s[1:]
	}
	return s
}

func (t *_type) directIface() bool {
	return t.tflag&tflagDirectIface != 0
}

func (t *_type) noscan() bool {
	return t.ptrBytes == 0
}

func (t *_type) uncommon() *uncommonType {
	if t.tflag&tflagUncommon == 0 {
		return nil
	}
	size := uintptr(0)
	switch t.kind {
	case kindStruct:
		size = unsafe.Sizeof(structType{})
	case kindPointer:
		size = unsafe.Sizeof(ptrType{})
	case kindFunc:
		size = unsafe.Sizeof(funcType{})
	case kindSlice:
		size = unsafe.Sizeof(sliceType{})
	case kindArray:
		size = unsafe.Sizeof(arrayType{})
	case kindChan:
		size = unsafe.Sizeof(chanType{})
	case kindMap:
		size = unsafe.Sizeof(mapType{})
	case kindInterface:
		size = unsafe.Sizeof(interfaceType{})
	default:
		size = unsafe.Sizeof(_type{})
	}
	return (*uncommonType)(add(unsafe.Pointer(t), size))
}

// method is the i-th method of a type.
func (u *uncommonType) method(i int) *method {
	return (*method)(add(unsafe.Pointer(u), uintptr(u.moff)+uintptr(i)*unsafe.Sizeof(method{})))
}

func (t *_type) pkgPath() string {
	if u := t.uncommon(); u != nil {
		return nameText(nameAt(u.pkgPath))
	}
	if t.kind == kindStruct {
		return nameText((*structType)(unsafe.Pointer(t)).pkgPath)
	}
	if t.kind == kindInterface {
		return nameText((*interfaceType)(unsafe.Pointer(t)).pkgPath)
	}
	return ""
}
