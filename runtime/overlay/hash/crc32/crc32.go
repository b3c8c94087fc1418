package crc32

// gc's versions are assembly: the tables of the portable ones ("slicing by 8") serve.

// There is no version for the processor.
func archAvailableIEEE() bool { return false }

// Not called: see archAvailableIEEE.
func archInitIEEE() {}

// Not called: see archAvailableIEEE.
func archUpdateIEEE(crc uint32, p []byte) uint32 { return crc }

// There is no version for the processor.
func archAvailableCastagnoli() bool { return false }

// Not called: see archAvailableCastagnoli.
func archInitCastagnoli() {}

// Not called: see archAvailableCastagnoli.
func archUpdateCastagnoli(crc uint32, p []byte) uint32 { return crc }

// Assembly of the versions for the processor.
//
//goir:delete castagnoliSSE42
//goir:delete castagnoliSSE42Triple
//goir:delete ieeeCLMUL
