package pair

import "fmt"

type Pair[K, V any] struct {
	Key K
	Val V
}

func Make[K, V any](k K, v V) Pair[K, V] { return Pair[K, V]{k, v} }

func (p Pair[K, V]) String() string { return fmt.Sprintf("(%v -> %v)", p.Key, p.Val) }
