package runtime

import "unsafe"

// Random numbers for programs: ChaCha8, seeded by the kernel. A block of output gives the next key first, so what was
// given out cannot be computed from what is in memory afterwards. Each worker has a state of its own.

type chachaState struct {
	key   [8]uint32
	out   [16]uint32
	state [16]uint32
	used  uint32 // words of out that were given out; the first 8 were the key
	ready bool
	seed  [8]uint32
}

func (c *chachaState) init() {
	c.ready = true
	if getrandom(unsafe.Pointer(&c.seed), 32, 0) != 32 {
		// Without the kernel's help: the time, and where things are.
		c.seed[0] = uint32(nanotime())
		c.seed[1] = uint32(nanotime() >> 32)
		c.seed[2] = uint32(uintptr(unsafe.Pointer(getworker())) >> 30)
		c.seed[3] = uint32(getsp())
	}
	for i := 0; i < 8; i++ {
		c.key[i] = c.seed[i]
		c.seed[i] = 0
	}
	c.used = 16
}

// chachaBlock makes 32 bytes of output and a new key.
func (c *chachaState) block() {
	s := &c.state
	s[0], s[1], s[2], s[3] = 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574
	for i := 0; i < 8; i++ {
		s[4+i] = c.key[i]
	}
	s[12], s[13], s[14], s[15] = 0, 0, 0, 0
	for i := 0; i < 16; i++ {
		c.out[i] = s[i]
	}
	for round := 0; round < 4; round++ {
		for i := 0; i < 4; i++ {
			quarter(&s[i], &s[4+i], &s[8+i], &s[12+i])
		}
		for i := 0; i < 4; i++ {
			quarter(&s[i], &s[4+(i+1)&3], &s[8+(i+2)&3], &s[12+(i+3)&3])
		}
	}
	for i := 0; i < 16; i++ {
		c.out[i] += s[i]
	}
	for i := 0; i < 8; i++ {
		c.key[i] = c.out[i]
	}
	c.used = 8
}

func quarter(a, b, c, d *uint32) {
	w, x, y, z := *a, *b, *c, *d
	w += x
	z ^= w
	z = z<<16 | z>>16
	y += z
	x ^= y
	x = x<<12 | x>>20
	w += x
	z ^= w
	z = z<<8 | z>>24
	y += z
	x ^= y
	x = x<<7 | x>>25
	*a, *b, *c, *d = w, x, y, z
}

// rand is a random number. Several packages of the library ask for runtime.rand.
func rand() uint64 {
	c := &getworker().chacha
	if c.used >= 16 || !c.ready {
		if !c.ready {
			c.init()
		}
		c.block()
	}
	i := c.used
	c.used = i + 2
	v := uint64(c.out[i]) | uint64(c.out[i+1])<<32
	c.out[i] = 0
	c.out[i+1] = 0
	return v
}

// randn is a random number below n. Package sync asks for runtime.randn.
func randn(n uint32) uint32 {
	return fastrandn(n)
}
