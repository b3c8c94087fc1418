package main

import "runtime"

// Goroutines that allocate, pass what they made to others, and check what they hold, on several workers at once, while
// collections run.

type node struct {
	left, right *node
	value       int
	name        string
	rest        []*node
}

func grow(depth, value int) *node {
	n := &node{value: value}
	if depth > 0 {
		n.left = grow(depth-1, value)
		n.right = grow(depth-1, value)
		n.name = string([]byte{byte('a' + depth), byte('a' + value%26)})
		n.rest = []*node{n.left, n.right}
	}
	return n
}

func (n *node) check(depth, value int) int {
	if n.value != value {
		panic("wrong value")
	}
	if depth == 0 {
		return 1
	}
	if len(n.rest) != 2 || n.rest[0] != n.left || n.rest[1] != n.right {
		panic("wrong children")
	}
	if n.name[0] != byte('a'+depth) || n.name[1] != byte('a'+value%26) {
		panic("wrong name")
	}
	return 1 + n.left.check(depth-1, value) + n.right.check(depth-1, value)
}

type parcel struct {
	tree  *node
	depth int
	value int
	table map[int]*node
	big   []*node
}

func (p *parcel) check() int {
	sum := p.tree.check(p.depth, p.value)
	for k, n := range p.table {
		if n.value != k*p.value {
			panic("wrong entry")
		}
		sum++
	}
	for i, n := range p.big {
		if n != nil {
			if n.value != i+p.value {
				panic("wrong element")
			}
			sum++
		}
	}
	return sum
}

func produce(id, count int, out chan *parcel) {
	for i := 0; i < count; i++ {
		p := &parcel{depth: 3 + i%5, value: id*1000 + i}
		p.tree = grow(p.depth, p.value)
		if i%4 == 0 {
			p.table = map[int]*node{}
			for k := 0; k < 20; k++ {
				p.table[k] = &node{value: k * p.value}
			}
		}
		if i%16 == 0 {
			p.big = make([]*node, 6000)
			for k := 0; k < len(p.big); k += 100 {
				p.big[k] = &node{value: k + p.value}
			}
		}
		out <- p
	}
}

func consume(in chan *parcel, out chan int) {
	var kept [8]*parcel
	sum, n := 0, 0
	for p := range in {
		sum += p.check()
		if old := kept[n%len(kept)]; old != nil {
			old.check()
		}
		kept[n%len(kept)] = p
		n++
	}
	for _, p := range kept {
		if p != nil {
			p.check()
		}
	}
	out <- sum
}

// compute allocates without ever waiting.
func compute(count int, out chan int) {
	sum := 0
	var list *node
	for i := 0; i < count; i++ {
		list = &node{left: list, value: i}
		if i%100 == 99 {
			for n := list; n != nil; n = n.left {
				sum += n.value & 1
			}
			list = nil
		}
	}
	out <- sum
}

func main() {
	runtime.GOMAXPROCS(4)
	const producers, consumers, each = 6, 3, 150
	parcels, sums := make(chan *parcel, 4), make(chan int)
	done := make(chan bool)
	for i := 0; i < producers; i++ {
		go func() {
			produce(i, each, parcels)
			done <- true
		}()
	}
	for i := 0; i < consumers; i++ {
		go consume(parcels, sums)
	}
	computed := make(chan int)
	go compute(100000, computed)
	go compute(200000, computed)
	for i := 0; i < 20; i++ {
		runtime.GC()
		runtime.Gosched()
	}
	for i := 0; i < producers; i++ {
		<-done
	}
	close(parcels)
	total := 0
	for i := 0; i < consumers; i++ {
		total += <-sums
	}
	println(total, <-computed+<-computed)
}
