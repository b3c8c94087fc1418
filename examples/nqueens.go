// N queens: counts the ways to put n queens on an n×n board so that none attacks another, with one goroutine for each place
// of the queen in the first row.
package main

type board struct {
	n       int
	columns []bool
	rising  []bool // diagonals: row + column
	falling []bool // diagonals: row - column + n - 1
	places  []int
}

func newBoard(n int) *board {
	return &board{n, make([]bool, n), make([]bool, 2*n-1), make([]bool, 2*n-1), make([]int, n)}
}

func (b *board) set(row, column int, on bool) {
	b.columns[column] = on
	b.rising[row+column] = on
	b.falling[row-column+b.n-1] = on
	b.places[row] = column
}

func (b *board) free(row, column int) bool {
	return !b.columns[column] && !b.rising[row+column] && !b.falling[row-column+b.n-1]
}

// solve fills the board from row on and calls found for every solution, until found returns false.
func (b *board) solve(row int, found func([]int) bool) bool {
	if row == b.n {
		return found(b.places)
	}
	for column := range b.n {
		if !b.free(row, column) {
			continue
		}
		b.set(row, column, true)
		more := b.solve(row+1, found)
		b.set(row, column, false)
		if !more {
			return false
		}
	}
	return true
}

// count returns the number of solutions for n queens.
func count(n int) int {
	counts := make(chan int)
	for column := 0; column < n; column++ {
		go func() {
			b := newBoard(n)
			b.set(0, column, true)
			solutions := 0
			b.solve(1, func([]int) bool {
				solutions++
				return true
			})
			counts <- solutions
		}()
	}
	total := 0
	for i := 0; i < n; i++ {
		total += <-counts
	}
	return total
}

func main() {
	for n := 1; n <= 9; n++ {
		println(n, count(n))
	}
	newBoard(8).solve(0, func(places []int) bool {
		for _, queen := range places {
			line := make([]byte, 8)
			for i := range line {
				line[i] = '.'
			}
			line[queen] = 'Q'
			println(string(line))
		}
		return false
	})
}
