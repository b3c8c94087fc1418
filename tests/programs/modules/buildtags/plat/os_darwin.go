package plat

const OS = "darwin file"
