package each

import (
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// arg is an operand as an expression of type i32, which stands in any other.
func (w *writer) arg(a kernel.Arg) string {
	if a.Var >= 0 {
		return w.names[a.Var]
	}
	return literal(int32(a.Const))
}

func literal(v int32) string {
	switch {
	case v == -1<<31:
		return "LEAST"
	case v < 0:
		return fmt.Sprintf("(%di)", v)
	case v > 0xFFFF:
		return fmt.Sprintf("0x%Xi", v)
	}
	return fmt.Sprintf("%di", v)
}

// word is an operand as an expression of type u32.
func (w *writer) word(a kernel.Arg) string {
	if a.Var >= 0 {
		return "u32(" + w.names[a.Var] + ")"
	}
	return fmt.Sprintf("0x%Xu", a.Const)
}

// count is an operand that says how far to shift.
func (w *writer) count(a kernel.Arg) string {
	if a.Var >= 0 {
		return "(" + w.word(a) + " & 31u)"
	}
	return fmt.Sprintf("%du", a.Const&31)
}

// operators are the instructions that are one in WGSL.
var operators = map[isa.Op]string{isa.ADD: "+", isa.SUB: "-", isa.MUL: "*", isa.AND: "&", isa.OR: "|", isa.XOR: "^"}

// functions are the instructions that are a function of library.wgsl.
var functions = map[isa.Op]string{
	isa.MIN: "min", isa.MAX: "max", isa.SIN: "sine", isa.COS: "cosine", isa.SQRT: "root", isa.SGN: "sgn",
	isa.FMUL: "mul_shift", isa.FDIV: "div_shift", isa.HASH: "hash", isa.ATAN2: "angle", isa.HYPOT: "hypot",
	isa.NOISE: "noise", isa.RGBOF: "rgb", isa.HSVOF: "hsv", isa.MIX: "mix_colors",
	isa.KEY: "key", isa.KEYP: "key_pressed", isa.INPUT: "input_word", isa.PEEK: "peek",
}

// instr writes an instruction.
func (w *writer) instr(in *kernel.Instr) {
	switch in.Op {
	case isa.PUT:
		w.line("color = %s;", w.arg(in.Args[0]))
		w.line("put = %du;", in.PC)
	case isa.LOG:
		w.line("bad = true;")
	case isa.ASSERT:
		w.badIf(in, "%s == 0i", w.arg(in.Args[0]))
	default:
		w.assign(in.Dst, w.value(in))
	}
}

func (w *writer) assign(dst int, value string) {
	if w.lets[dst] {
		w.line("let %s = %s;", w.names[dst], value)
		return
	}
	w.line("%s = %s;", w.names[dst], value)
}

// badIf says when an instruction fails.
func (w *writer) badIf(in *kernel.Instr, condition string, args ...any) {
	if !in.Safe {
		w.line("bad = bad | (%s);", fmt.Sprintf(condition, args...))
	}
}

// value is what an instruction computes.
func (w *writer) value(in *kernel.Instr) string {
	if v, ok := w.fold(in); ok {
		return v
	}
	if op := operators[in.Op]; op != "" {
		return fmt.Sprintf("%s %s %s", w.arg(in.Args[0]), op, w.arg(in.Args[1]))
	}
	if op := comparisons[in.Op]; op != "" {
		return fmt.Sprintf("select(0i, 1i, %s %s %s)", w.arg(in.Args[0]), op, w.arg(in.Args[1]))
	}
	switch in.Op {
	case isa.SET:
		return w.arg(in.Args[0])
	case isa.SHL:
		return fmt.Sprintf("%s << %s", w.arg(in.Args[0]), w.count(in.Args[1]))
	case isa.SHR:
		return fmt.Sprintf("%s >> %s", w.arg(in.Args[0]), w.count(in.Args[1]))
	case isa.USHR:
		return fmt.Sprintf("i32(%s >> %s)", w.word(in.Args[0]), w.count(in.Args[1]))
	case isa.NEG:
		return fmt.Sprintf("-%s", w.arg(in.Args[0]))
	case isa.NOT:
		return fmt.Sprintf("~%s", w.arg(in.Args[0]))
	case isa.ISZ:
		return fmt.Sprintf("select(0i, 1i, %s == 0i)", w.arg(in.Args[0]))
	case isa.ABS:
		a := w.arg(in.Args[0])
		return fmt.Sprintf("max(%s, -%s)", a, a)
	case isa.CLAMP:
		return fmt.Sprintf("max(%s, min(%s, %s))", w.arg(in.Args[1]), w.arg(in.Args[2]), w.arg(in.Args[0]))
	case isa.DIV, isa.MOD:
		return w.divide(in)
	case isa.FDIV:
		w.badIf(in, "%s == 0i", w.arg(in.Args[1]))
	case isa.LD, isa.LDT:
		return w.load(in)
	case isa.LD2, isa.LDT2:
		return w.load2(in)
	}
	call := functions[in.Op] + "("
	for i, a := range in.Args {
		if i > 0 {
			call += ", "
		}
		call += w.arg(a)
	}
	return call + ")"
}

// fold computes an instruction of constants: WGSL refuses constants that wrap.
func (w *writer) fold(in *kernel.Instr) (string, bool) {
	var x [3]int32
	for i, a := range in.Args {
		if a.Var >= 0 || i >= len(x) {
			return "", false
		}
		x[i] = int32(a.Const)
	}
	v, fault, ok := isa.Alu(in.Op, x[0], x[1], x[2])
	if fault != isa.FaultNone {
		w.line("bad = true;")
	}
	return literal(v), ok
}

// divide is DIV or MOD. In both, WGSL leaves open what a zero divisor gives, and
// −2³¹ by −1.
func (w *writer) divide(in *kernel.Instr) string {
	a, b := w.arg(in.Args[0]), w.arg(in.Args[1])
	op, minus := "/", "-"+a
	if in.Op == isa.MOD {
		op, minus = "%", "0i"
	}
	if d := in.Args[1]; d.Var < 0 {
		switch int32(d.Const) {
		case 0:
			w.line("bad = true;")
			return "0i"
		case -1:
			return minus
		}
		return fmt.Sprintf("%s %s %s", a, op, b)
	}
	w.badIf(in, "%s == 0i", b)
	return fmt.Sprintf("%s %s divisor(%s, %s)", a, op, a, b)
}

// page is the buffer that a load reads, where in it the page begins, and how many
// words of it are behind an array's first.
func (w *writer) page(in *kernel.Instr) (buffer, from string, room uint32) {
	buffer, from, words := "memory", fmt.Sprintf("job.data + %du", in.Array.Base), w.o.DataWords
	if in.Op == isa.LDT || in.Op == isa.LDT2 {
		buffer, from, words = "program", fmt.Sprintf("%du", in.Array.Base), uint32(len(w.o.Program))
	}
	return buffer, from, words - min(words, in.Array.Base)
}

// mostIndex is more than any index that is none negative.
const mostIndex = 1 << 31

// load is LD or LDT: an index out of range reads the last word.
func (w *writer) load(in *kernel.Instr) string {
	buffer, from, room := w.page(in)
	words := min(room, in.Array.Len, mostIndex)
	if words == 0 {
		w.line("bad = true;")
		return "0i"
	}
	i := w.word(in.Args[0])
	if !in.Safe {
		w.badIf(in, "%s >= %du", i, words)
		i = fmt.Sprintf("min(%s, %du)", i, words-1)
	}
	if in.Op == isa.LDT && words <= mostTable {
		return w.element(table{in.Array.Base, words}, i)
	}
	return fmt.Sprintf("i32(%s[%s + %s])", buffer, from, i)
}

// load2 is LD2 or LDT2.
func (w *writer) load2(in *kernel.Instr) string {
	buffer, from, room := w.page(in)
	width := min(room, in.Array.W, mostIndex)
	if width == 0 || in.Array.H == 0 {
		w.line("bad = true;")
		return "0i"
	}
	rows := min((room-1)/in.Array.W+1, in.Array.H, mostIndex)
	x, y := w.word(in.Args[0]), w.word(in.Args[1])
	words := uint64(rows-1)*uint64(in.Array.W) + uint64(width)
	if in.Op == isa.LDT2 && words <= mostTable && words <= uint64(room) {
		if !in.Safe {
			w.badIf(in, "(%s >= %du) | (%s >= %du)", x, width, y, rows)
			x, y = fmt.Sprintf("min(%s, %du)", x, width-1), fmt.Sprintf("min(%s, %du)", y, rows-1)
		}
		return w.element(table{in.Array.Base, uint32(words)}, fmt.Sprintf("%s + %s * %du", x, y, in.Array.W))
	}
	if in.Safe {
		return fmt.Sprintf("i32(%s[%s + %s + %s * %du])", buffer, from, x, y, in.Array.W)
	}
	w.badIf(in, "(%s >= %du) | (%s >= %du)", x, width, y, rows)
	at := fmt.Sprintf("min(%s, %du) + min(%s, %du) * %du", x, width-1, y, rows-1, in.Array.W)
	if words > uint64(room) {
		w.badIf(in, "%s >= %du", at, room)
		at = fmt.Sprintf("min(%s, %du)", at, room-1)
	}
	return fmt.Sprintf("i32(%s[%s + %s])", buffer, from, at)
}
