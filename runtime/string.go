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

// concatstrings concatenates n strings; if only one is not empty, that one is the result.
func concatstrings(p unsafe.Pointer, n int) string {
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
	buf := rawmem(uintptr(total))
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

func intstring(v int64) string {
	r := int32(v)
	if int64(r) != v {
		r = runeError
	}
	buf := rawmem(4)
	return makestring(buf, encoderune(buf, r))
}

func bytestostring(p unsafe.Pointer, n int) string {
	if n == 0 {
		return ""
	}
	buf := rawmem(uintptr(n))
	memmove(buf, p, uintptr(n))
	return makestring(buf, n)
}

func stringtobytes(s string) []byte {
	n := len(s)
	size := roundupsize(uintptr(n), true)
	buf := rawmem(size)
	memmove(buf, strptr(s), uintptr(n))
	memclr(add(buf, uintptr(n)), size-uintptr(n))
	return unsafe.Slice((*byte)(buf), int(size))[:n]
}

func runestostring(rs []int32) string {
	total := 0
	for i := 0; i < len(rs); i++ {
		total += runelen(rs[i])
	}
	if total == 0 {
		return ""
	}
	buf := rawmem(uintptr(total))
	at := 0
	for i := 0; i < len(rs); i++ {
		at += encoderune(add(buf, uintptr(at)), rs[i])
	}
	return makestring(buf, at)
}

func stringtorunes(s string) []int32 {
	n := 0
	for i := 0; i < len(s); n++ {
		_, i = decoderune(s, i)
	}
	size := roundupsize(uintptr(n)*4, true)
	buf := rawmem(size)
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
