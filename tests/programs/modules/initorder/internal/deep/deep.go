// Package deep records what is initialised when.
package deep

import "fmt"

var (
	Lines []string
	Count int
)

func Log(name string, v int) int {
	Count++
	Lines = append(Lines, fmt.Sprintf("%d %s %d", Count, name, v))
	return v + 1
}

func init() { Log("deep.init", 0) }
