package suite

// Arithmetic is a control: six sums at once that need nothing but registers. It shares no
// memory and collects no garbage, so it gains what the machine gives, when all parts of its
// cores are busy.
func Arithmetic() *Case { return control("arithmetic, six at once", six) }

// DependentArithmetic is a control that waits for its own last result all the time, and
// leaves most parts of a core idle. If it gains more than Arithmetic, the cores share parts.
func DependentArithmetic() *Case { return control("arithmetic, one after another", alone) }

func control(name string, step func(uint64) uint64) *Case {
	return &Case{Family: "Parallel", Workload: name, Engine: "control", Granted: true, Prepare: func() Run {
		return func(n int) int {
			state := uint64(n) | 1
			for range n {
				state = step(state)
			}
			if state == 0 { // which no xorshift comes to
				return 0
			}
			return n
		}
	}}
}

// rounds makes a step take some 20 ns, as a decision does.
const rounds = 10

func alone(x uint64) uint64 {
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

func six(x uint64) uint64 {
	a, b, c, d, e, f := x, x+1, x+2, x+3, x+4, x+5
	for range rounds {
		a, b, c, d, e, f = a^a<<13, b^b<<13, c^c<<13, d^d<<13, e^e<<13, f^f<<13
		a, b, c, d, e, f = a^a>>7, b^b>>7, c^c>>7, d^d>>7, e^e>>7, f^f>>7
	}
	return a ^ b ^ c ^ d ^ e ^ f | 1
}
