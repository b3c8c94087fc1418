package plat

const Arch = "arm64 file"
