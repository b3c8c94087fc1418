package plat

const Arch = "amd64 file"
