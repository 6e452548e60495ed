package difftest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// toldLine is a line that a texel logged in a block.
type toldLine struct {
	command, y, x int
	line          machine.LogLine
}

// lines gives the log of the frame: what blocks told where they stand among the
// commands, row by row.
func (s *slow) lines() []machine.LogLine {
	slices.SortStableFunc(s.told, func(a, b toldLine) int {
		return cmp.Or(cmp.Compare(a.command, b.command), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	})
	out, kept, chars := slices.Clone(s.log), 0, 0
	for ; kept < len(s.told) && kept < isa.MaxEachLines && chars < isa.MaxEachLog; kept++ {
		out = append(out, s.told[kept].line)
		chars += len(s.told[kept].line.Text)
	}
	slices.SortStableFunc(out, func(a, b machine.LogLine) int { return cmp.Compare(a.Cycle, b.Cycle) })
	if more := len(s.told) - kept; more > 0 {
		out = append(out, machine.LogLine{PC: s.told[kept-1].line.PC, Cycle: s.state[isa.StCycles], Text: fmt.Sprintf("… and %d more lines from EACH", more)})
	}
	return out
}

func readable(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		if r < 32 || r > 126 {
			r = 0xFFFD
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cell finds the word of an array of two dimensions: base, width, height, x, y.
func cell(a []uint32, page int) (uint32, *machine.Fault) {
	for i := range 2 {
		if int32(a[3+i]) < 0 || a[3+i] >= a[1+i] {
			return 0, outOfRange(a[3+i], int(a[1+i]))
		}
	}
	at := uint64(a[0]) + uint64(a[4])*uint64(a[1]) + uint64(a[3])
	if at >= uint64(page) {
		return 0, outOfRange(uint32(at), page)
	}
	return uint32(at), nil
}

// checkText looks at the references of a text: that they are whole, and to words
// that are there.
func (s *slow) checkText(in isa.Instr, scalar func(uint32) (uint32, *machine.Fault)) *machine.Fault {
	if in.Spec.Tail != isa.TextTail {
		return nil
	}
	for i := 0; i < len(in.Tail); i++ {
		t := in.Tail[i]
		extra := 0
		if t>>24 == 254 {
			bad := t&0xFFFFFF >= 4096 || t&63 > 32
			if extra = 1; t>>11&1 == 1 {
				extra = 3
			}
			if bad || i+extra >= len(in.Tail) || in.Tail[i+1]>>24 != 255 {
				return &machine.Fault{Code: isa.BadOpcode, A: int32(s.program[in.Addr])}
			}
			t = in.Tail[i+1]
		}
		if t>>24 == 255 {
			if _, fault := scalar(t & 0xFFFFFF); fault != nil {
				return fault
			}
		}
		i += extra
	}
	return nil
}

// spell writes a text with its values, which are words of mem.
func (s *slow) spell(tail, mem []uint32) (text []rune, fault *machine.Fault) {
	for i := 0; i < len(tail); i++ {
		format := uint32(0)
		t := tail[i]
		if t>>24 == 254 {
			format = t
			i++
			t = tail[i]
		}
		if t>>24 != 255 {
			text = append(text, rune(t&0xFF))
			continue
		}
		v := int32(mem[t&0xFFFF])
		width, left, zeros := int(format&63), format>>6&1 == 1, format>>7&1 == 1
		sign, part := "", fmt.Sprint(v)
		switch {
		case format>>11&1 == 1:
			i += 2
			at, fault := index(tail[i-1], tail[i], uint32(v), len(s.program))
			if fault != nil {
				return nil, fault
			}
			from, n := int(s.program[at]&0xFFFF), int(s.program[at]>>16)
			if from+n > len(s.program) {
				return nil, outOfRange(uint32(from+n), len(s.program))
			}
			part, zeros = "", false
			for _, c := range s.program[from : from+n] {
				part += string(rune(c & 0xFF))
			}
		case format>>10&1 == 1:
			part = string(rune(v))
			if v < 32 || v > 126 {
				part = "\x7F"
			}
		case format>>9&1 == 1:
			part = fmt.Sprintf("%x", uint32(v))
		case v < 0:
			sign, part = "-", part[1:]
		case format>>8&1 == 1:
			sign = "+"
		}
		missing := max(0, width-len(sign)-len([]rune(part)))
		switch {
		case zeros && !left:
			part = sign + strings.Repeat("0", missing) + part
		case zeros:
			part = sign + strings.Repeat("0", missing) + part + strings.Repeat(" ", missing)
		case left:
			part = sign + part + strings.Repeat(" ", missing)
		default:
			part = strings.Repeat(" ", missing) + sign + part
		}
		text = append(text, []rune(part)...)
	}
	return text, nil
}
