package check

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// Proc is a procedure.
type Proc struct {
	Name     string
	Pos, End syntax.Pos // its name
	Def      int32      // the statement; its Match is the END, or None
	Params   int        // so many of Locals come first
	Locals   []Local

	// Body says that it has code of its own: a call outside EACH may come to it.
	Body bool
	// Recursive says that a call of it may come to another one before it returns.
	Recursive bool
	// Calls are the procedures that its body calls outside EACH, each once.
	Calls []int32

	names  map[string]int32 // index in Locals
	labels map[string]int32 // index in LabelList
	texel  reason           // what is for blocks alone
	core   reason           // what no block may hold
}

// Local is a parameter, or a name of a LOCAL.
type Local struct {
	Name     string
	Pos, End syntax.Pos
}

// reason is a statement or expression that says where a procedure may be called.
type reason struct {
	at   syntax.Pos // 0: there is none
	what string
}

// LocalFlag marks the index of a word of an activation: the number of the procedure is
// above ActivationBits, that of the word below.
const (
	LocalFlag      int32 = 1 << 23
	ActivationBits       = 8
	maxProcs             = 1 << 15
)

// LocalIndex is the index of a word of a procedure's activation.
func LocalIndex(proc, word int32) int32 { return LocalFlag | proc<<ActivationBits | word }

// IsLocal says whether an index is that of an activation's word, and whose.
func IsLocal(index int32) (proc int32, ok bool) {
	return (index &^ LocalFlag) >> ActivationBits, index >= LocalFlag
}

// Proc gives the procedure of a DEF, or nil.
func (s *Scope) Proc(def int32) *Proc {
	if i, ok := s.byDef[def]; ok {
		return &s.Procs[i]
	}
	return nil
}

// ProcOf gives the number of the procedure of a DEF, or syntax.None.
func (s *Scope) ProcOf(def int32) int32 {
	if i, ok := s.byDef[def]; ok {
		return i
	}
	return syntax.None
}

// Lookup gives what a name means in the body of a DEF, or outside all.
func (s *Scope) Lookup(name string, def int32) (Entity, bool) {
	if i, ok := s.byDef[def]; ok {
		p := &s.Procs[i]
		if k := p.local(name); k != syntax.None {
			return Entity{VarSymbol, LocalIndex(i, k), p.Locals[k].Pos, p.Locals[k].End}, true
		}
	}
	e, ok := s.Names[name]
	return e, ok
}

// Label gives the number of a label that a JMP or CALL can reach from the body of a
// DEF, or from outside all.
func (s *Scope) Label(name string, def int32) (int32, bool) {
	labels := s.Labels
	if p := s.Proc(def); p != nil {
		labels = p.labels
	}
	i, ok := labels[name]
	return i, ok
}

// local gives the index of a parameter or local, or None.
func (p *Proc) local(name string) int32 {
	if k, ok := p.names[name]; ok {
		return k
	}
	return syntax.None
}

// procedures declares the procedures, which stand outside all blocks.
func (c *checker) procedures() {
	var open []int32
	for i := range c.Stmts {
		s := &c.Stmts[i]
		if s.Kind == syntax.DefStmt {
			if n := len(open); n > 0 {
				o := &c.Stmts[open[n-1]]
				verb, _, _ := strings.Cut(c.Text(o.Pos, o.End), " ")
				c.Errorf(syntax.CodeNotTopLevel, s.Pos, s.Pos+syntax.Pos(len("DEF")), "DEF stands outside all blocks, and the %s of %s is open here", strings.ToUpper(verb), c.Files.Where(o.Pos, s.Pos))
			}
			c.procedure(s, int32(i))
		}
		if s.OpensBlock() && s.Match != syntax.None {
			open = append(open, int32(i))
		} else if s.Kind == syntax.EndStmt && len(open) > 0 {
			open = open[:len(open)-1]
		}
	}
}

// procedure declares the name and the parameters of a DEF.
func (c *checker) procedure(s *syntax.Stmt, i int32) {
	name := c.Text(s.Name, s.NameEnd)
	if len(c.Procs) >= maxProcs {
		return // the program page is full long before
	}
	p := Proc{Name: name, Pos: s.Name, End: s.NameEnd, Def: i}
	number := int32(len(c.Procs))
	if c.byDef == nil {
		c.byDef = make(map[int32]int32)
	}
	c.byDef[i] = number
	c.Procs = append(c.Procs, p)
	if _, taken := syntax.LookupVerb(name); taken {
		c.Errorf(syntax.CodeReserved, s.Name, s.NameEnd, "%s is a statement; choose another name for the procedure", syntax.Quoted(name))
	} else if what := unreserved(name); what != "" {
		c.Errorf(syntax.CodeReserved, s.Name, s.NameEnd, "%s is %s; choose another name for the procedure", syntax.Quoted(name), what)
	} else {
		c.name(s, Entity{Kind: ProcSymbol, Val: number}, true)
	}
	c.declareLocals(number, s, "parameter")
	c.Procs[number].Params = len(c.Procs[number].Locals)
}

// unreserved says what a name is that anything of a program may have but a procedure,
// "" of any other.
func unreserved(name string) string {
	if _, ok := syntax.LookupBuiltin(name); ok {
		return "" // reserved, for procedures too
	}
	if _, ok := syntax.LookupFunction(name); ok {
		return "a function"
	}
	if _, ok := syntax.LookupInput(name); ok {
		return "a read-only name"
	}
	return ""
}

// locals declares the names of a LOCAL.
func (c *checker) locals(s *syntax.Stmt) {
	if p := c.ProcOf(s.Def); p != syntax.None {
		c.declareLocals(p, s, "local")
	}
}

func (c *checker) declareLocals(proc int32, s *syntax.Stmt, what string) {
	p := &c.Procs[proc]
	for _, n := range c.Parts[s.Part:s.PartEnd] {
		name := c.Text(n.Pos, n.End)
		if b, ok := syntax.LookupBuiltin(name); ok && b.Kind != syntax.ColorName {
			c.Errorf(syntax.CodeReserved, n.Pos, n.End, "%s is %s, which nothing hides; choose another name for the %s", syntax.Quoted(name), whatIs(b), what)
			continue
		}
		if k := p.local(name); k != syntax.None {
			c.Errorf(syntax.CodeDuplicateName, n.Pos, n.End, "%s has a name %s already, from %s", syntax.Quoted(p.Name), syntax.Quoted(name), c.Files.Where(p.Locals[k].Pos, n.Pos))
			continue
		}
		if len(p.Locals) == isa.MaxActivation {
			c.Errorf(syntax.CodeProcedureTooBig, n.Pos, n.End, "a procedure has room for %d parameters, locals and intermediate values", isa.MaxActivation)
			return
		}
		if p.names == nil {
			p.names = make(map[string]int32)
		}
		p.names[name] = int32(len(p.Locals))
		p.Locals = append(p.Locals, Local{name, n.Pos, n.End})
	}
}
