// The round trip of a JSON document of 10 MB: into structs and back, into maps and back. Seconds of each.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

type item struct {
	ID     int               `json:"id"`
	Name   string            `json:"name"`
	Price  float64           `json:"price"`
	Tags   []string          `json:"tags"`
	Extra  map[string]string `json:"extra,omitempty"`
	Parent *item             `json:"parent,omitempty"`
}

// document is a document of some n bytes.
func document(n int) []item {
	var items []item
	for size := 0; size < n; size += 132 {
		i := len(items)
		it := item{ID: i, Name: fmt.Sprintf("item %d: \"quoted\" <é>", i), Price: float64(i) * 1.25, Tags: []string{"a", "bc", "déf"}}
		if i%3 == 0 {
			it.Extra = map[string]string{"colour": "red", "size": fmt.Sprint(i % 17)}
		}
		if i%4 == 0 {
			it.Parent = &item{ID: -i, Name: "parent", Tags: []string{}}
		}
		items = append(items, it)
	}
	return items
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	last := time.Now()
	lap := func(what string, text []byte) {
		now := time.Now()
		fmt.Printf("%-22s%10d bytes  %.3f s\n", what, len(text), now.Sub(last).Seconds())
		last = time.Now()
	}
	items := document(10 << 20)
	last = time.Now()
	text, err := json.Marshal(items)
	check(err)
	lap("structs to JSON", text)
	var back []item
	check(json.Unmarshal(text, &back))
	lap("JSON to structs", text)
	again, err := json.Marshal(back)
	check(err)
	if !bytes.Equal(text, again) {
		panic("the document has changed")
	}
	last = time.Now()
	var anything any
	check(json.Unmarshal(text, &anything))
	lap("JSON to maps", text)
	mapped, err := json.Marshal(anything)
	check(err)
	lap("maps to JSON", mapped)
	var once any
	check(json.Unmarshal(mapped, &once))
	if len(once.([]any)) != len(items) {
		panic("the document has changed")
	}
}
