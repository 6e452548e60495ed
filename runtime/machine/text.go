package machine

import (
	"strings"

	"gvpie/runtime/isa"
)

// appendText appends TXT and LOG. Text without value references is pointed to
// where it stands in the program page; other text is resolved into the payload.
func (m *Core) appendText(pc int, cycle uint32, in *instr) *Fault {
	tail := m.code.tail(pc, in)
	before := len(m.payload)
	text, resolved, fault := tail, !literal(tail), (*Fault)(nil)
	if resolved {
		m.payload, fault = m.resolve(m.payload, tail, m.code.mem, 1, 0, isa.MaxPayload)
		if fault == nil && len(m.payload) > isa.MaxPayload {
			fault = &Fault{Code: isa.CommandLimit, A: isa.MaxPayload}
		}
	}
	if f := m.room(0); f != nil && (fault == nil || fault.Code == isa.CommandLimit) {
		fault = f
	}
	if fault != nil {
		m.payload = m.payload[:before]
		return fault
	}
	c := newCommand(in.op, pc, cycle)
	if in.op == isa.TXT {
		c = m.newDraw(in.op, pc, cycle)
	}
	if resolved {
		text = m.payload[before:]
		c[isa.CmdOp] |= isa.CmdFlagPayload << 8
		c[isa.CmdText] = uint32(before)
	} else {
		c[isa.CmdText] = uint32(pc+int(in.size)) - uint32(len(tail))
	}
	c[isa.CmdLen] = uint32(len(text))
	if in.op == isa.TXT {
		c[isa.CmdA], c[isa.CmdB] = m.place(in, 0, 'x'), m.place(in, 1, 'y')
		c[isa.CmdColor] = m.ink()
	} else {
		m.log = append(m.log, LogLine{PC: pc, Cycle: cycle, Text: m.line(text, c[isa.CmdText], resolved)})
	}
	m.commands = append(m.commands, c)
	return nil
}

// Text is the characters of one of the last frame's TXT or LOG commands, in the
// low eight bits of each word. It is a view, like Page.
func (m *Core) Text(c *isa.Command) []uint32 {
	from, n := c[isa.CmdText], c[isa.CmdLen]
	if c.Flags()&isa.CmdFlagPayload != 0 {
		return m.payload[from : from+n]
	}
	return m.program[from : from+n]
}

// literal says whether a text has no value references.
func literal(tail []uint32) bool {
	for _, t := range tail {
		if t >= isa.TextFormat {
			return false
		}
	}
	return true
}

// resolve adds a text's characters to dst, with its values: word i of words is
// words[i*stride+at]. The tail is one that decoded. It stops once there are more
// than most characters in dst.
func (m *Core) resolve(dst, tail, words []uint32, stride, at, most int) ([]uint32, *Fault) {
	for len(tail) > 0 && len(dst) <= most {
		p, _ := isa.DecodeText(tail)
		tail = tail[p.Size:]
		if !p.IsValue {
			dst = append(dst, p.Char)
			continue
		}
		v := words[int(p.Index&(isa.LaneFlag-1))*stride+at]
		if p.Format&isa.FormatText == 0 {
			dst = p.Format.AppendCode(dst, int32(v))
			continue
		}
		text, fault := m.tabled(p, v)
		if fault != nil {
			return dst, fault
		}
		dst = p.Format.AppendText(dst, text)
	}
	return dst, nil
}

// tabled is text i of the table that a part of a text names.
func (m *Core) tabled(p isa.TextPart, i uint32) ([]uint32, *Fault) {
	page := uint32(len(m.program))
	at, fault := element(p.Table, p.Count, i, page)
	if fault != nil {
		return nil, fault
	}
	from, length := m.program[at]&0xFFFF, m.program[at]>>16
	if from+length > page {
		return nil, &Fault{Code: isa.AddressOutOfRange, A: int32(from + length), B: int32(page)}
	}
	return m.program[from : from+length], nil
}

// line is the text of a LOG. Text that stands in the program page is made into a
// string once, so that a LOG in a long loop costs a pointer a line.
func (m *Core) line(text []uint32, addr uint32, resolved bool) string {
	if !resolved {
		if s, ok := m.lines[int(addr)]; ok {
			return s
		}
	}
	line := LogText(text)
	if !resolved {
		m.lines[int(addr)] = line
	}
	return line
}

// LogText is the text of a LOG as a string: each word's low eight bits, and a mark
// for what is no character.
func LogText(text []uint32) string {
	var b strings.Builder
	for _, t := range text {
		if c := t & 0xFF; c >= 32 && c <= 126 {
			b.WriteByte(byte(c))
		} else {
			b.WriteRune('\uFFFD')
		}
	}
	return b.String()
}
