package main

import "example.com/initorder/internal/deep"

var inOther = deep.Log("main.inOther", 10*x)

func init() { deep.Log("main.init other", z) }
