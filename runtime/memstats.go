package runtime

import "unsafe"

// MemStats is statistics of the memory allocator.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m in. It sweeps what is unswept and stops the world, so that all figures are of one moment.
func ReadMemStats(m *MemStats) {
	sweepAll()
	w := getworker()
	pauseWorld(w)
	readMemStats(m)
	resumeWorld(w)
}

func readMemStats(m *MemStats) {
	mallocs, frees, total, freed := uintptr(0), uintptr(0), memory.largeTotal, memory.largeFreed
	for ci := uintptr(0); ci < 2*numClasses; ci++ {
		c := &centrals[ci]
		n := c.mallocs - unused(ci)
		mallocs += n
		frees += c.frees
		total += n * classSize[ci>>1]
		freed += c.frees * classSize[ci>>1]
		if class := ci >> 1; class < uintptr(len(m.BySize)) {
			if ci&1 == 0 {
				m.BySize[class].Mallocs = 0
				m.BySize[class].Frees = 0
			}
			m.BySize[class].Size = uint32(classSize[class])
			if class != 0 {
				m.BySize[class].Mallocs += uint64(n)
				m.BySize[class].Frees += uint64(c.frees)
			}
		}
	}
	m.Mallocs = uint64(mallocs)
	m.Frees = uint64(frees)
	m.HeapObjects = uint64(mallocs - frees)
	m.TotalAlloc = uint64(total)
	m.HeapAlloc = uint64(total - freed)
	m.Alloc = m.HeapAlloc
	m.Lookups = 0

	idle := (heap.free + heap.releasing) << pageShift
	m.HeapSys = uint64(heap.used - heap.frameBytes)
	m.HeapIdle = uint64(idle)
	m.HeapInuse = m.HeapSys - m.HeapIdle
	m.HeapReleased = uint64(heap.released << pageShift)
	stacks, workers := uintptr(0), uintptr(0)
	for w := allWorkers(); w != nil; w = w.allnext {
		if w.savedsp != 0 {
			stacks += w.stacktop - w.savedsp
		}
		workers++
	}
	m.StackInuse = uint64(heap.frameBytes + stacks)
	m.StackSys = m.StackInuse
	m.MSpanInuse = uint64(meta.sys - (meta.end - meta.next))
	m.MSpanSys = uint64(meta.sys)
	m.MCacheInuse = uint64(workers * cacheBytes)
	m.MCacheSys = m.MCacheInuse
	m.BuckHashSys = 0
	m.GCSys = uint64(heap.used>>pageShift*8) + uint64(marking.joined)*stackSize
	m.OtherSys = 0
	for s := sched.slabs; s != nil; s = s.next {
		m.OtherSys += slabSize
	}
	m.Sys = m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.GCSys + m.OtherSys

	m.NextGC = uint64(heapGoal())
	m.NumGC = memory.numGC
	m.NumForcedGC = memory.forced
	m.LastGC = memory.lastGC
	m.PauseTotalNs = memory.pause
	for i := range m.PauseNs {
		m.PauseNs[i] = memory.pauses[i]
		m.PauseEnd[i] = memory.ends[i]
	}
	m.GCCPUFraction = 0
	if up := nanotime() - memory.started; up > 0 {
		m.GCCPUFraction = float64(memory.pause) / float64(up)
	}
	m.EnableGC = true
	m.DebugGC = false
}

// cacheBytes is what a worker has of allocation caches.
const cacheBytes = (2*numClasses)*cacheSize + frameClasses*unsafe.Sizeof(frameCache{})

// unused is how many slots of a class workers have in runs, not handed out yet.
func unused(ci uintptr) uintptr {
	n := uintptr(0)
	for w := allWorkers(); ci > 1 && w != nil; w = w.allnext {
		if c := cacheOf(w, ci); c.next < c.end {
			n += (c.end - c.next) / c.size
		}
	}
	return n
}
