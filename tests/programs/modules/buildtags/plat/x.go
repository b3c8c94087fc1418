//go:build (linux || darwin) && !arm64 && go1.21

package plat

const Chosen = "x"
