//go:build !linux || arm64 || never

package plat

const Chosen = "y"
