package testdeps

import (
	"errors"
	"internal/fuzz"
	"io"
	"reflect"
	"time"
)

// There is no profiler; without it test programs are half as large.
func (TestDeps) StartCPUProfile(w io.Writer) error {
	return errors.New("goir has no profiler")
}

// See TestDeps.StartCPUProfile.
func (TestDeps) StopCPUProfile() {}

// See TestDeps.StartCPUProfile.
func (TestDeps) WriteProfileTo(name string, w io.Writer, debug int) error {
	return errors.New("goir has no profiler")
}

// Nothing counts what inputs reach, so there is no search for inputs.
func (TestDeps) CoordinateFuzzing(
	timeout time.Duration,
	limit int64,
	minimizeTimeout time.Duration,
	minimizeLimit int64,
	parallel int,
	seed []fuzz.CorpusEntry,
	types []reflect.Type,
	corpusDir,
	cacheDir string) error {
	return errors.New("goir does not look for inputs of fuzz tests")
}

// See TestDeps.CoordinateFuzzing.
func (TestDeps) RunFuzzWorker(fn func(fuzz.CorpusEntry) error) error {
	return errors.New("goir does not look for inputs of fuzz tests")
}
