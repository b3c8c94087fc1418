package main

func one() int { return 1, 2 }
func two() (int, string) { return 1 }
func none() { return 1 }
func named() (a, b int) { return 1 }
func wrong() (int, string) { return "", 1 }
func nothing() int { return }

func main() {
}
