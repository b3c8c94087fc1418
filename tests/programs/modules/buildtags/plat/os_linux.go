package plat

const OS = "linux file"
