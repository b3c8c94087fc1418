package two
const V = "v1.2.0"
