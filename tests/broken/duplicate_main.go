package main

func main() {
}

func main() {
}

func init() {}
func init() {}
