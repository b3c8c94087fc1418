package runtime

import "unsafe"

// Strings and UTF-8.

const (
	runeError = 0xFFFD
	maxRune   = 0x10FFFF

	surrogateMin = 0xD800
	surrogateMax = 0xDFFF
)

// makestring views memory that nobody will write any more as a string.
func makestring(p unsafe.Pointer, n int) string {
	return unsafe.String((*byte)(p), n)
}

func strptr(s string) unsafe.Pointer {
	return unsafe.Pointer(unsafe.StringData(s))
}

// smallText is how many bytes or runes the compiler's buffers in frames hold: what conversions and concatenations make is
// there if it does not outlive the frame and is as short.
const smallText = 32

// textmem is memory for a string of n bytes: buf, if there is one and it has room.
func textmem(buf unsafe.Pointer, n int) unsafe.Pointer {
	if buf != nil && n <= smallText {
		return buf
	}
	return rawmem(uintptr(n))
}

// concatstrings concatenates n strings; if only one is not empty, that one is the result.
func concatstrings(buf, p unsafe.Pointer, n int) string {
	total := 0
	count := 0
	last := 0
	for i := 0; i < n; i++ {
		l := (*stringHeader)(add(p, uintptr(i)*16)).len
		if l == 0 {
			continue
		}
		if total+l < total {
			throw("string concatenation too long")
		}
		total += l
		count++
		last = i
	}
	if count == 0 {
		return ""
	}
	if count == 1 {
		h := (*stringHeader)(add(p, uintptr(last)*16))
		return makestring(h.ptr, h.len)
	}
	buf = textmem(buf, total)
	at := buf
	for i := 0; i < n; i++ {
		h := (*stringHeader)(add(p, uintptr(i)*16))
		memmove(at, h.ptr, uintptr(h.len))
		at = add(at, uintptr(h.len))
	}
	return makestring(buf, total)
}

// cmpstring is negative, zero or positive as a is less than, equal to or greater than b.
func cmpstring(a, b string) int {
	n := len(a)
	if len(b) < n {
		n = len(b)
	}
	p, q := strptr(a), strptr(b)
	i := uintptr(0)
	for ; i+8 <= uintptr(n); i += 8 {
		x := *(*uint64)(add(p, i))
		y := *(*uint64)(add(q, i))
		if x != y {
			shift := uint(ctz64(x^y)) &^ 7
			if x>>shift&0xff < y>>shift&0xff {
				return -1
			}
			return 1
		}
	}
	for ; i < uintptr(n); i++ {
		x, y := loadbyte(p, i), loadbyte(q, i)
		if x != y {
			if x < y {
				return -1
			}
			return 1
		}
	}
	return len(a) - len(b)
}

func eqstring(a, b string) bool {
	return len(a) == len(b) && (strptr(a) == strptr(b) || memequal(strptr(a), strptr(b), uintptr(len(a))))
}

// runelen is the length of r in UTF-8; invalid runes count as runeError.
func runelen(r int32) int {
	switch {
	case r < 0:
		return 3
	case r < 0x80:
		return 1
	case r < 0x800:
		return 2
	case r <= 0xFFFF || r > maxRune:
		return 3
	}
	return 4
}

// encoderune writes r as UTF-8 at p and answers its length.
func encoderune(p unsafe.Pointer, r int32) int {
	if r >= 0 && r < 0x80 {
		*(*byte)(p) = byte(r)
		return 1
	}
	if r >= 0 && r < 0x800 {
		*(*byte)(p) = 0xC0 | byte(r>>6)
		*(*byte)(add(p, 1)) = 0x80 | byte(r)&0x3F
		return 2
	}
	if r < 0 || r > maxRune || r >= surrogateMin && r <= surrogateMax {
		r = runeError
	}
	if r <= 0xFFFF {
		*(*byte)(p) = 0xE0 | byte(r>>12)
		*(*byte)(add(p, 1)) = 0x80 | byte(r>>6)&0x3F
		*(*byte)(add(p, 2)) = 0x80 | byte(r)&0x3F
		return 3
	}
	*(*byte)(p) = 0xF0 | byte(r>>18)
	*(*byte)(add(p, 1)) = 0x80 | byte(r>>12)&0x3F
	*(*byte)(add(p, 2)) = 0x80 | byte(r>>6)&0x3F
	*(*byte)(add(p, 3)) = 0x80 | byte(r)&0x3F
	return 4
}

func intstring(buf unsafe.Pointer, v int64) string {
	r := int32(v)
	if int64(r) != v {
		r = runeError
	}
	if buf == nil {
		buf = rawmem(4)
	}
	return makestring(buf, encoderune(buf, r))
}

// allBytes has every byte: strings of one byte are part of it.
const allBytes = "" +
	"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	"\x20\x21\x22\x23\x24\x25\x26\x27\x28\x29\x2a\x2b\x2c\x2d\x2e\x2f\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39\x3a\x3b\x3c\x3d\x3e\x3f" +
	"\x40\x41\x42\x43\x44\x45\x46\x47\x48\x49\x4a\x4b\x4c\x4d\x4e\x4f\x50\x51\x52\x53\x54\x55\x56\x57\x58\x59\x5a\x5b\x5c\x5d\x5e\x5f" +
	"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f\x70\x71\x72\x73\x74\x75\x76\x77\x78\x79\x7a\x7b\x7c\x7d\x7e\x7f" +
	"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f" +
	"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf" +
	"\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf" +
	"\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"

func bytestostring(buf, p unsafe.Pointer, n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return allBytes[*(*byte)(p):][:1]
	}
	buf = textmem(buf, n)
	memmove(buf, p, uintptr(n))
	return makestring(buf, n)
}

func stringtobytes(buf unsafe.Pointer, s string) []byte {
	n := len(s)
	size := uintptr(smallText)
	if buf == nil || n > smallText {
		size = roundupsize(uintptr(n), true)
		buf = rawmem(size)
	}
	memmove(buf, strptr(s), uintptr(n))
	memclr(add(buf, uintptr(n)), size-uintptr(n))
	return unsafe.Slice((*byte)(buf), int(size))[:n]
}

func runestostring(buf unsafe.Pointer, rs []int32) string {
	total := 0
	for i := 0; i < len(rs); i++ {
		total += runelen(rs[i])
	}
	if total == 0 {
		return ""
	}
	buf = textmem(buf, total)
	at := 0
	for i := 0; i < len(rs); i++ {
		at += encoderune(add(buf, uintptr(at)), rs[i])
	}
	return makestring(buf, at)
}

func stringtorunes(buf unsafe.Pointer, s string) []int32 {
	n := 0
	for i := 0; i < len(s); n++ {
		_, i = decoderune(s, i)
	}
	size := uintptr(smallText * 4)
	if buf == nil || n > smallText {
		size = roundupsize(uintptr(n)*4, true)
		buf = rawmem(size)
	}
	at := uintptr(0)
	for i := 0; i < len(s); at += 4 {
		var r int32
		r, i = decoderune(s, i)
		*(*int32)(add(buf, at)) = r
	}
	memclr(add(buf, at), size-at)
	return unsafe.Slice((*int32)(buf), int(size/4))[:n]
}

// decoderune decodes the rune at byte i of s, i < len(s), and answers it with the index of the next. Invalid bytes
// are runes of their own.
func decoderune(s string, i int) (int32, int) {
	p := add(strptr(s), uintptr(i))
	n := len(s) - i
	b0 := int32(*(*byte)(p))
	if b0 < 0x80 {
		return b0, i + 1
	}
	if b0 < 0xC2 || n < 2 {
		return runeError, i + 1
	}
	b1 := int32(loadbyte(p, 1))
	if b1&0xC0 != 0x80 {
		return runeError, i + 1
	}
	if b0 < 0xE0 {
		return b0&0x1F<<6 | b1&0x3F, i + 2
	}
	if n < 3 {
		return runeError, i + 1
	}
	b2 := int32(loadbyte(p, 2))
	if b2&0xC0 != 0x80 {
		return runeError, i + 1
	}
	if b0 < 0xF0 {
		r := b0&0x0F<<12 | b1&0x3F<<6 | b2&0x3F
		if r < 0x800 || r >= surrogateMin && r <= surrogateMax {
			return runeError, i + 1
		}
		return r, i + 3
	}
	if n < 4 {
		return runeError, i + 1
	}
	b3 := int32(loadbyte(p, 3))
	r := b0&0x07<<18 | b1&0x3F<<12 | b2&0x3F<<6 | b3&0x3F
	if b3&0xC0 != 0x80 || b0 > 0xF4 || r < 0x10000 || r > maxRune {
		return runeError, i + 1
	}
	return r, i + 4
}

// indexbyte is the index of c in s, -1 if it is not there.
func indexbyte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// cstring views a C string as a Go string; nil is "".
func cstring(p unsafe.Pointer) string {
	if p == nil {
		return ""
	}
	n := uintptr(0)
	for loadbyte(p, n) != 0 {
		n++
	}
	return makestring(p, int(n))
}

// getenv looks an environment variable up; name ends with a zero byte.
func getenv(name string) string {
	return cstring(cgetenv(strptr(name)))
}

func atoi(s string) (int, bool) {
	n := 0
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
