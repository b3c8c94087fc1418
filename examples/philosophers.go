// The dining philosophers: five goroutines share five forks. A fork is a channel that holds one token. Everyone takes the
// fork with the lower number first, so that they cannot all wait for each other.
package main

const (
	seats = 5
	meals = 1000
)

type fork chan struct{}

func (f fork) take() { <-f }
func (f fork) put()  { f <- struct{}{} }

type philosopher struct {
	name        string
	left, right int
	eaten       int
}

// dine eats until everything is eaten, then reports on done.
func (p *philosopher) dine(forks []fork, eating *[seats]bool, done chan<- *philosopher) {
	first, second := p.left, p.right
	if first > second {
		first, second = second, first
	}
	for p.eaten < meals {
		forks[first].take()
		forks[second].take()
		if eating[p.left] || eating[p.right] {
			panic(p.name + " found a fork in use")
		}
		eating[p.left], eating[p.right] = true, true
		p.eaten++
		eating[p.left], eating[p.right] = false, false
		forks[second].put()
		forks[first].put()
	}
	done <- p
}

func main() {
	forks := make([]fork, seats)
	for i := range forks {
		forks[i] = make(fork, 1)
		forks[i].put()
	}
	names := [seats]string{"Aristotle", "Kant", "Spinoza", "Marx", "Russell"}
	table := make([]*philosopher, 0, seats)
	done := make(chan *philosopher)
	var eating [seats]bool
	for i, name := range names {
		p := &philosopher{name: name, left: i, right: (i + 1) % seats}
		table = append(table, p)
		go p.dine(forks, &eating, done)
	}
	for range table {
		<-done
	}
	total := 0
	for _, p := range table {
		println(p.name, "ate", p.eaten, "times")
		total += p.eaten
	}
	println("meals:", total)
}
