package a

import "example.com/initorder/internal/deep"

var late = deep.Log("a.late", 3)

func init() { deep.Log("a.init late", 0) }
