package runtime

// States of a range loop over a function (goir/irgen/rangefunc.py).
const (
	rangeDone = iota
	rangeReady
	rangePanic
	rangeExhausted
	rangeMissingPanic
)

// panicrangestate records that an iterator called the body of a loop in a state in which it must not.
func panicrangestate(state int) {
	switch state {
	case rangeDone:
		addpanic(errorString("range function continued iteration after function for loop body returned false"))
	case rangePanic:
		addpanic(errorString("range function continued iteration after loop body panic"))
	case rangeExhausted:
		addpanic(errorString("range function continued iteration after whole loop exit"))
	default:
		addpanic(errorString("range function recovered a loop body panic and did not resume panicking"))
	}
}
