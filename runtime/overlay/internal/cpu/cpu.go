package cpu

// Nothing calls Initialize: the features of the processor count as absent, so that packages take their portable paths
// (their fast ones are assembly). What asks for a single feature asks the processor.

// Assembly in gc.
//
//goir:intrinsic cpuid
func cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32)

// Assembly in gc.
//
//goir:intrinsic xgetbv
func xgetbv() (eax, edx uint32)

// Assembly in gc. Code is compiled for the first level.
func getGOAMD64level() int32 { return 1 }

// HasCarrylessMultiply is for the checksums of hash/crc32.
func HasCarrylessMultiply() bool {
	_, _, has, _ := cpuid(1, 0)
	return has&cpuid_PCLMULQDQ != 0
}

// HasFusedMultiplyAdd is for package math, which rounds as gc's assembly does on the same processor.
func HasFusedMultiplyAdd() bool {
	const (
		wanted  = cpuid_FMA | cpuid_OSXSAVE | cpuid_AVX
		systems = 1<<1 | 1<<2 // the system saves xmm and ymm registers
	)
	if most, _, _, _ := cpuid(0, 0); most < 1 {
		return false
	}
	if _, _, has, _ := cpuid(1, 0); has&wanted != wanted {
		return false
	}
	saved, _ := xgetbv()
	return saved&systems == systems
}
