// strconv: a million random floats and integers to text and back; checksums of the texts.
package main

import (
	"fmt"
	"math"
	"strconv"
)

// An xorshift generator: the same numbers everywhere.
type rng uint64

func (r *rng) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = rng(x)
	return x * 2685821657736338717
}

type sum uint64

func (s *sum) add(b []byte) {
	h := uint64(*s)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	*s = sum(h)
}

func main() {
	const n = 1000000
	r := rng(88172645463325252)
	bad := 0
	var sums [6]sum
	var lengths int
	buf := make([]byte, 0, 400)
	for range n {
		bits := r.next()
		f := math.Float64frombits(bits)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		buf = strconv.AppendFloat(buf[:0], f, 'g', -1, 64)
		sums[0].add(buf)
		lengths += len(buf)
		g, err := strconv.ParseFloat(string(buf), 64)
		if err != nil || math.Float64bits(g) != bits {
			bad++
		}
	}
	fmt.Println("float64 g -1", uint64(sums[0]), lengths, bad)
	for range n {
		bits := uint32(r.next() >> 32)
		f := math.Float32frombits(bits)
		if f != f || math.IsInf(float64(f), 0) {
			continue
		}
		buf = strconv.AppendFloat(buf[:0], float64(f), 'e', -1, 32)
		sums[1].add(buf)
		g, err := strconv.ParseFloat(string(buf), 32)
		if err != nil || math.Float32bits(float32(g)) != bits {
			bad++
		}
	}
	fmt.Println("float32 e -1", uint64(sums[1]), bad)
	for i := range n {
		// Decimal-looking numbers: few digits, small exponents.
		f := float64(int64(r.next()>>40)-1<<23) * math.Pow(10, float64(i%40-20))
		buf = strconv.AppendFloat(buf[:0], f, 'f', -1, 64)
		sums[2].add(buf)
		g, err := strconv.ParseFloat(string(buf), 64)
		if err != nil || g != f {
			bad++
		}
		prec := i % 18
		buf = strconv.AppendFloat(buf[:0], f, 'e', prec, 64)
		sums[3].add(buf)
		if g, err = strconv.ParseFloat(string(buf), 64); err != nil {
			bad++
		}
		sums[3] ^= sum(math.Float64bits(g))
	}
	fmt.Println("decimal", uint64(sums[2]), uint64(sums[3]), bad)
	for i := range n {
		v := int64(r.next()) >> (i % 64)
		base := 2 + i%35
		buf = strconv.AppendInt(buf[:0], v, base)
		sums[4].add(buf)
		w, err := strconv.ParseInt(string(buf), base, 64)
		if err != nil || w != v {
			bad++
		}
		u := r.next() >> (i % 64)
		buf = strconv.AppendUint(buf[:0], u, 10)
		sums[5].add(buf)
		x, err := strconv.ParseUint(string(buf), 10, 64)
		if err != nil || x != u {
			bad++
		}
		if a, err := strconv.Atoi(strconv.Itoa(int(v))); err != nil || a != int(v) {
			bad++
		}
	}
	fmt.Println("ints", uint64(sums[4]), uint64(sums[5]), bad)
}
