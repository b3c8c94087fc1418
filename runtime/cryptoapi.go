package runtime

// What the packages under crypto ask of the runtime. FIPS 140 states belong to a goroutine.

//go:linkname fips140_fatal crypto/internal/fips140.fatal
func fips140_fatal(s string) { throw(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { throw(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { throw(s) }

//go:linkname fips140_getIndicator crypto/internal/fips140.getIndicator
func fips140_getIndicator() uint8 { return getworker().curg.fipsIndicator }

//go:linkname fips140_setIndicator crypto/internal/fips140.setIndicator
func fips140_setIndicator(v uint8) { getworker().curg.fipsIndicator = v }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { getworker().curg.fipsBypass = true }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { getworker().curg.fipsBypass = false }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return getworker().curg.fipsBypass }

//go:linkname fips140deps_monoTime crypto/internal/fips140deps/time.monoTime
func fips140deps_monoTime() int64 { return nanotime() }

// Data-independent timing is a mode of arm64.

//go:linkname subtle_setDITEnabled crypto/subtle.setDITEnabled
func subtle_setDITEnabled() bool { return false }

//go:linkname subtle_setDITDisabled crypto/subtle.setDITDisabled
func subtle_setDITDisabled() {}
