package a

import (
	"example.com/initorder/c"
	"example.com/initorder/internal/deep"
)

var A = deep.Log("a.A", c.C()+B)

var B = deep.Log("a.B", late)

func init() { deep.Log("a.init", A) }
