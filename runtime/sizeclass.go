package runtime

import "unsafe"

// Size classes are gc's: programs see them through cap() of a grown slice.

const (
	numClasses   = 68
	maxSmallSize = 32768
	smallSizeMax = 1024 // up to here classes are found in steps of 8 bytes, above in steps of 128
	pageShift    = 13
	pageSize     = 1 << pageShift

	// gc keeps an 8-byte type header in objects with pointers above this size; we do not, but capacities count it.
	headerSize    = 8
	minHeaderSize = 512
)

// classWords holds the classes' sizes in words, two bytes each (a string: constant data needs no initialisation).
const classWords = "\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00\x06\x00\x08\x00\x0a\x00\x0c\x00\x0e\x00\x10\x00\x12\x00" +
	"\x14\x00\x16\x00\x18\x00\x1a\x00\x1c\x00\x1e\x00\x20\x00\x24\x00\x28\x00\x2c\x00\x30\x00\x34\x00" +
	"\x38\x00\x3c\x00\x40\x00\x48\x00\x50\x00\x58\x00\x60\x00\x70\x00\x80\x00\x90\x00\xa0\x00\xb0\x00" +
	"\xc0\x00\xe0\x00\x00\x01\x20\x01\x50\x01\x80\x01\x90\x01\xb0\x01\x00\x02\x60\x02\xa0\x02\x00\x03" +
	"\x30\x03\x50\x03\x60\x03\x00\x04\xa0\x04\xc0\x04\x00\x05\x50\x05\x00\x06\xa0\x06\x00\x07\x00\x08" +
	"\x00\x09\x50\x09\x00\x0a\xa0\x0a\x00\x0c\x50\x0d\x00\x0e\x00\x10"

// Filled by initClasses.
var (
	class8     [smallSizeMax/8 + 1]uint8                  // size/8 rounded up → class
	class128   [(maxSmallSize-smallSizeMax)/128 + 1]uint8 // (size-1024)/128 rounded up → class
	classSize  [numClasses]uintptr                        // class → size
	classPages [numClasses]uintptr                        // class → pages in a span
)

func initClasses() {
	for c := 0; c < numClasses; c++ {
		classSize[c] = (uintptr(classWords[2*c]) | uintptr(classWords[2*c+1])<<8) * 8
	}
	c := uint8(0)
	for i := range class8 {
		for classSize[c] < uintptr(i)*8 {
			c++
		}
		class8[i] = c
	}
	for i := range class128 {
		for classSize[c] < smallSizeMax+uintptr(i)*128 {
			c++
		}
		class128[i] = c
	}
	// Spans are 32 KiB, or for the bigger classes as many pages as keep the waste at the end under 1/8.
	for c := 1; c < numClasses; c++ {
		n := uintptr(4)
		for (n*pageSize)%classSize[c] > n*pageSize/8 || n*pageSize < 4*classSize[c] && n < 15 {
			n++
		}
		classPages[c] = n
	}
}

// classOf is the size class for 1 ≤ size ≤ maxSmallSize.
func classOf(size uintptr) uintptr {
	if size <= smallSizeMax {
		return uintptr(loadbyte(unsafe.Pointer(&class8), (size+7)>>3))
	}
	return uintptr(loadbyte(unsafe.Pointer(&class128), (size-smallSizeMax+127)>>7))
}

// roundupsize is the memory gc would set aside for size bytes; capacities of grown slices follow from it.
func roundupsize(size uintptr, noscan bool) uintptr {
	want := size
	if want <= maxSmallSize-headerSize {
		if !noscan && want > minHeaderSize {
			want += headerSize
		}
		if want <= smallSizeMax-8 {
			return classSize[class8[(want+7)>>3]] - (want - size)
		}
		return classSize[class128[(want-smallSizeMax+127)>>7]] - (want - size)
	}
	want += pageSize - 1
	if want < size {
		return size
	}
	return want &^ (pageSize - 1)
}
