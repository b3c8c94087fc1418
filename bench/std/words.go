// Counts the words of a file of 100 MB that it writes first: one goroutine reads lines, as many as there are processors count
// them, each into a map of its own. Prints the seconds that counting takes.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// write makes a file of n bytes with words of a few thousand different ones, the low ones often.
func write(name string, n int) {
	file, err := os.Create(name)
	check(err)
	w := bufio.NewWriterSize(file, 1<<20)
	state := uint32(1)
	for size := 0; size < n; {
		state = state*1664525 + 1013904223
		number := state >> 20 * (state >> 8 & 0xfff) >> 12
		k, err := fmt.Fprintf(w, "word%d", number)
		check(err)
		separator := byte(' ')
		if state>>16%12 == 0 {
			separator = '\n'
		}
		check(w.WriteByte(separator))
		size += k + 1
	}
	check(w.Flush())
	check(file.Close())
}

func count(name string) map[string]int {
	file, err := os.Open(name)
	check(err)
	defer file.Close()
	chunks := make(chan []string, 16)
	parts := make([]map[string]int, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range parts {
		parts[i] = map[string]int{}
		wg.Go(func() {
			for chunk := range chunks {
				for _, line := range chunk {
					for word := range strings.FieldsSeq(line) {
						parts[i][word]++
					}
				}
			}
		})
	}
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<20)
	var chunk []string
	for scanner.Scan() {
		if chunk = append(chunk, scanner.Text()); len(chunk) == 1000 {
			chunks <- chunk
			chunk = nil
		}
	}
	check(scanner.Err())
	chunks <- chunk
	close(chunks)
	wg.Wait()
	total := map[string]int{}
	for _, part := range parts {
		for word, n := range part {
			total[word] += n
		}
	}
	return total
}

func main() {
	folder, err := os.MkdirTemp("", "words")
	check(err)
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "text")
	write(name, 100<<20)
	start := time.Now()
	total := count(name)
	elapsed := time.Since(start)
	words := 0
	var most []string
	for word, n := range total {
		words += n
		most = append(most, word)
	}
	slices.SortFunc(most, func(a, b string) int { return total[b] - total[a] })
	fmt.Printf("%d words, %d different, most often %s (%d)\n%.2f s\n", words, len(total), most[0], total[most[0]], elapsed.Seconds())
}
