package main

import "unsafe"
import u "unsafe"

func main() {
}
