package d

import "example.com/initorder/internal/deep"

var _ = deep.Log("d._", 1)

func init() { deep.Log("d.init", 2) }
