package main

import "math"

// What package math answers, bit for bit, where gc has assembly or instructions: sums over many arguments, and edges.

var state uint64 = 88172645463325252

func next() uint64 {
	state ^= state << 13
	state ^= state >> 7
	state ^= state << 17
	return state
}

func argument(i int) float64 {
	r := next()
	unit := float64(r>>11) / (1 << 53)
	switch i % 6 {
	case 0:
		return math.Float64frombits(r)
	case 1:
		return (unit - 0.5) * 1500
	case 2:
		return unit
	case 3:
		return -700 - unit*60
	case 4:
		return math.Float64frombits(r & (1<<52 - 1)) // subnormal
	}
	return (unit - 0.5) * 20
}

func sum1(name string, f func(float64) float64) {
	h := uint64(14695981039346656037)
	for i := 0; i < 60000; i++ {
		x := argument(i)
		y := f(x)
		if y != y {
			y = math.NaN()
		}
		h = (h ^ math.Float64bits(y)) * 1099511628211
	}
	println(name, h)
}

func sum2(name string, f func(x, y float64) float64) {
	sum1(name, func(x float64) float64 { return f(x, argument(int(next()%6))) })
}

var edges = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, math.Inf(1), math.Inf(-1), math.NaN(),
	5e-324, -5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308, 4503599627370495.5, 9007199254740993,
	709.782712893384, 709.7827128933841, 709.78271289338397, -745.1332191019411, -745.1332191019412, -708.4, -1e300}

func main() {
	sum1("abs", math.Abs)
	sum1("acosh", math.Acosh)
	sum1("asin", math.Asin)
	sum1("atan", math.Atan)
	sum1("cbrt", math.Cbrt)
	sum1("ceil", math.Ceil)
	sum1("cos", math.Cos)
	sum1("cosh", math.Cosh)
	sum1("erf", math.Erf)
	sum1("exp", math.Exp)
	sum1("exp2", math.Exp2)
	sum1("expm1", math.Expm1)
	sum1("floor", math.Floor)
	sum1("gamma", math.Gamma)
	sum1("log", math.Log)
	sum1("log10", math.Log10)
	sum1("log1p", math.Log1p)
	sum1("log2", math.Log2)
	sum1("round", math.Round)
	sum1("roundeven", math.RoundToEven)
	sum1("sin", math.Sin)
	sum1("sinh", math.Sinh)
	sum1("sqrt", math.Sqrt)
	sum1("tan", math.Tan)
	sum1("tanh", math.Tanh)
	sum1("trunc", math.Trunc)
	sum2("atan2", math.Atan2)
	sum2("copysign", math.Copysign)
	sum2("dim", math.Dim)
	sum2("hypot", math.Hypot)
	sum2("max", math.Max)
	sum2("min", math.Min)
	sum2("mod", math.Mod)
	sum2("nextafter", math.Nextafter)
	sum2("pow", math.Pow)
	sum2("remainder", math.Remainder)
	sum2("fma", func(x, y float64) float64 { return math.FMA(x, y, argument(1)) })
	sum1("frexp", func(x float64) float64 { f, e := math.Frexp(x); return math.Ldexp(f, e/2) })
	sum1("modf", func(x float64) float64 { i, f := math.Modf(x); return i + 3*f })
	sum1("float32", func(x float64) float64 {
		return float64(math.Float32frombits(math.Float32bits(float32(x)) ^ 1))
	})
	for _, x := range edges {
		for _, f := range []func(float64) float64{math.Exp, math.Log, math.Floor, math.Ceil, math.Trunc, math.RoundToEven, math.Sqrt, math.Abs} {
			y := f(x)
			if y != y {
				print("NaN ")
			} else {
				print(math.Float64bits(y), " ")
			}
		}
		println()
		for _, y := range edges {
			for _, f := range []func(x, y float64) float64{math.Max, math.Min, math.Hypot, math.Copysign} {
				z := f(x, y)
				if z != z {
					print("NaN ")
				} else {
					print(math.Float64bits(z)>>40, " ")
				}
			}
		}
		println()
	}
}
