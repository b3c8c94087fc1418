package q

const Name = "internal to dep"
