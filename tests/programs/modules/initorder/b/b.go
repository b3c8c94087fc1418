package b

import "example.com/initorder/internal/deep"

var FromB = deep.Log("b.FromB", 2)

var p, q = two()

func two() (int, int) { deep.Log("b.two", FromB); return 1, 2 }

func init() { deep.Log("b.init", p+q) }
