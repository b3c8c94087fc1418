package main

func main() {
L:
	for {
		break M
		continue M
	}
	goto N
O:
	{
		break O
	}
P:
	switch {
	case true:
		for {
			continue P
		}
	}
P:
}
