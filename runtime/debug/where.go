package debug

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Where is what there is to say of the place that a session stands at.
type Where struct {
	Position
	PC    int            // of the instruction that comes next, or failed
	Calls []Call         // that are open, the innermost first; the last is the program itself
	Fault *machine.Fault // the run-time error that ended the run here
}

// Place is a statement in the source.
type Place struct {
	File   string // as positions spell it
	Path   string // from the program's folder; "" of the program's own file
	Line   int    // from 1; 0: none is known
	Column int    // code points, from 1
	Text   string
}

// Call is a call of a procedure or of a label, or the program itself.
type Call struct {
	Name   string // of the procedure or the label; "" of the program itself
	PC     int    // of the next instruction, or of the one that calls
	Place  Place
	Locals []Variable // parameters first

	proc *pxl.Procedure
	base int // the data word that its locals begin at
}

// Where says where the session stands.
func (s *course) Where() Where {
	w := Where{Position: s.at, PC: s.pc(), Calls: s.calls()}
	if s.end != nil {
		if w.Fault = s.end.Fault; w.Fault != nil {
			w.PC = w.Fault.PC
			w.Calls[0].PC, w.Calls[0].Place = w.PC, placeAt(s.Assembly(), w.PC)
		}
	}
	return w
}

// placeAt is the statement that an address came from.
func placeAt(a *pxl.Assembly, pc int) Place {
	at, ok := a.Map.At(pc)
	if !ok {
		return Place{}
	}
	text := a.Text(at.Pos.File)
	text = text[min(at.Pos.Offset, len(text)):]
	n := 0
	for i := range text {
		if n == at.Length {
			text = text[:i]
			break
		}
		n++
	}
	return Place{File: at.Pos.File, Path: a.Path(at.Pos.File), Line: at.Pos.Line, Column: at.Pos.Column, Text: text}
}

// calls are the calls that are open.
func (s *course) calls() []Call { return s.stand().calls() }

// calls are the calls that are open.
func (s stand) calls() []Call {
	a, state := s.assembly, s.core.Page(machine.StatePage)
	stack := state[isa.StStack:][:state[isa.StSP]]
	kept := map[int]int{} // where the words of a procedure's outer calls are, by its first word
	out := make([]Call, 0, len(stack)+1)
	for pc, i := int(state[isa.StPC]), len(stack); ; i-- {
		c := Call{PC: pc, Place: placeAt(a, pc)}
		if p := procedureAt(a, pc); p != nil {
			c.proc, c.base = p, p.Act
			if at, ok := kept[p.Act]; ok {
				c.base = at
			}
			c.Locals = s.locals(p, c.base)
		}
		if i == 0 {
			return append(out, c)
		}
		entry := stack[i-1]
		back := int(entry & isa.StackAddr)
		switch {
		case entry&isa.StackProc == 0:
			c.Name = calledLabel(a, back)
		case c.proc != nil:
			c.Name = c.proc.Name
			if c.proc.Recursive {
				kept[c.proc.Act] = c.proc.Save + (i-1)*c.proc.Stride
			}
		}
		out = append(out, c)
		pc = back - 1 // in the instruction that calls
	}
}

// procedureAt is the procedure whose body an address is in.
func procedureAt(a *pxl.Assembly, pc int) *pxl.Procedure {
	for i := range a.Procedures {
		if p := &a.Procedures[i]; pc >= p.From && pc < p.To {
			return p
		}
	}
	return nil
}

// calledLabel is the name of the label that the CALL before an address goes to.
func calledLabel(a *pxl.Assembly, back int) string {
	in, ok := isa.Decode(a.Program, back-2, a.Header.CodeEnd)
	if !ok || in.Spec.Op != isa.CALL {
		return ""
	}
	for _, sym := range a.Symbols {
		if sym.Kind == pxl.LabelSymbol && sym.Addr == int(in.Args[0]) {
			return sym.Name
		}
	}
	return ""
}
