package main

func init() int { return 1 }

func main(args []string) {
	init()
	main()
}

var init = 1
