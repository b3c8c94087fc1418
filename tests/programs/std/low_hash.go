package main

import (
	"container/heap"
	"container/list"
	"container/ring"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"hash/maphash"
	"maps"
	"math/cmplx"
	"math/rand"
	randv2 "math/rand/v2"
	"os"
	"slices"
	"text/tabwriter"
	"unicode/utf16"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func main() {
	data := make([]byte, 100000)
	r := rand.New(rand.NewSource(42))
	r.Read(data)
	for _, n := range []int{0, 1, 3, 8, 15, 100, 1000, 100000} {
		d := data[:n]
		fmt.Printf("%d %08x %08x %08x %016x %016x %08x\n", n, crc32.ChecksumIEEE(d), crc32.Checksum(d, crc32.MakeTable(crc32.Castagnoli)),
			crc32.Checksum(d, crc32.MakeTable(crc32.Koopman)), crc64.Checksum(d, crc64.MakeTable(crc64.ISO)), crc64.Checksum(d, crc64.MakeTable(crc64.ECMA)), adler32.Checksum(d))
	}
	f := fnv.New64a()
	f.Write(data)
	fmt.Println(f.Sum64(), r.Int63(), r.Perm(8), r.NormFloat64(), r.ExpFloat64())
	c := randv2.New(randv2.NewChaCha8([32]byte([]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ123456"))))
	for range 40 {
		c.Uint64()
	}
	fmt.Println(c.Uint64(), c.IntN(1000), c.Float64(), c.Perm(5))
	fmt.Println(new(randv2.ChaCha8).UnmarshalBinary([]byte("x"))) // the error is the library's, of new(T)
	p := randv2.New(randv2.NewPCG(1, 2))
	fmt.Println(p.Uint64(), p.Int32N(77), p.NormFloat64())
	seed := maphash.MakeSeed()
	fmt.Println(maphash.String(seed, "hello") == maphash.Bytes(seed, []byte("hello")), maphash.String(seed, "a") == maphash.String(seed, "b"))
	var mh maphash.Hash
	mh.SetSeed(seed)
	mh.WriteString("hel")
	mh.WriteString("lo")
	fmt.Println(mh.Sum64() == maphash.String(seed, "hello"), maphash.Comparable(seed, [2]any{1, "x"}) == maphash.Comparable(seed, [2]any{1, "x"}))
	distinct := map[uint64]bool{}
	for range 1000 {
		distinct[randv2.Uint64()] = true
		distinct[uint64(rand.Int63())] = true
	}
	fmt.Println(len(distinct), rand.Intn(10) < 10)

	h := &ints{5, 2, 8}
	heap.Init(h)
	heap.Push(h, 3)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	l := list.New()
	l.PushBack(1)
	l.PushFront(0)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	rg := ring.New(3)
	for i := range 3 {
		rg.Value = i
		rg = rg.Next()
	}
	rg.Do(func(x any) { fmt.Print(x, " ") })
	fmt.Println()

	b := make([]byte, 0, 64)
	b = binary.LittleEndian.AppendUint32(b, 0x01020304)
	b = binary.BigEndian.AppendUint64(b, 0x0102030405060708)
	b = binary.AppendVarint(b, -12345)
	v, n := binary.Varint(b[12:])
	fmt.Println(hex.EncodeToString(b), binary.BigEndian.Uint16(b[1:]), v, n, base64.StdEncoding.EncodeToString(b))
	var s struct {
		A uint16
		B int32
		C [3]uint8
	}
	m, err := binary.Decode(b, binary.LittleEndian, &s)
	fmt.Println(s, m, err, utf16.Encode([]rune("a😀b")), string(utf16.Decode([]uint16{0x61, 0xd83d, 0xde00})))
	fmt.Println(cmplx.Exp(1i), cmplx.Sqrt(-4), cmplx.Pow(2+1i, 3), cmplx.Abs(3+4i))

	a := map[string]int{"x": 1, "y": 2, "z": 3}
	k := slices.Sorted(maps.Keys(a))
	d := maps.Clone(a)
	delete(d, "x")
	maps.Copy(d, map[string]int{"w": 0})
	maps.DeleteFunc(d, func(_ string, v int) bool { return v == 3 })
	fmt.Println(k, d, len(a), maps.Equal(a, d), slices.Collect(maps.Values(map[int]int{1: 2})))
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "a\tbbb\tc")
	fmt.Fprintln(w, "aaaa\tb\tccccc")
	w.Flush()
}
