package why

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// Words of the state page are named like those of the data page, from here on.
const stateWord = 1 << 17

// program is what is known of a program without running it.
type program struct {
	a       *pxl.Assembly
	effects []effect     // by address; made when first asked for
	names   []pxl.Symbol // variables and arrays, by address; those of procedures may share words
	tables  []pxl.Symbol // tables, sprites and texts, by address
	places  map[int]Place
	reached []reached
}

// Place is where a statement stands.
type Place struct {
	File      string `json:"file,omitempty"` // "" is the program's own
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	Statement string `json:"statement"`
}

func newProgram(a *pxl.Assembly) *program {
	p := &program{a: a, effects: make([]effect, len(a.Program)), places: map[int]Place{}}
	for _, s := range a.Symbols {
		switch s.Kind {
		case pxl.VarSymbol, pxl.ArraySymbol:
			p.names = append(p.names, s)
		case pxl.TableSymbol, pxl.SpriteSymbol, pxl.TextSymbol:
			p.tables = append(p.tables, s)
		}
	}
	byAddr := func(a, b pxl.Symbol) int { return a.Addr - b.Addr }
	slices.SortStableFunc(p.names, byAddr)
	slices.SortStableFunc(p.tables, byAddr)
	return p
}

// symbolAt finds the symbol among some in order of address that holds a word.
func symbolAt(all []pxl.Symbol, word int) *pxl.Symbol {
	i := sort.Search(len(all), func(i int) bool { return all[i].Addr > word }) - 1
	if i < 0 || word >= all[i].Addr+all[i].Len {
		return nil
	}
	return &all[i]
}

// name is what the source calls a data word where the instruction at an address stands;
// "" for a word that the assembler took for itself. Procedures share words: it is never
// the name that another one has for it.
func (p *program) name(word uint32, pc int) string {
	if word < isa.SysZero {
		return isa.SysNames[word]
	}
	for i := range p.a.Procedures {
		q := &p.a.Procedures[i]
		at := int(word) - q.Act
		if pc < q.From || pc >= q.To || at < 0 || at >= q.Words {
			continue
		}
		if own := slices.Concat(q.Params, q.Locals); at < len(own) {
			return q.Name + "." + own[at]
		}
		return ""
	}
	s := symbolAt(p.names, int(word))
	switch {
	case s == nil:
		return ""
	case s.Kind == pxl.VarSymbol:
		return s.Name
	}
	return s.Name + "[" + strconv.Itoa(int(word)-s.Addr) + "]"
}

// element names a word of an array or a table, as an instruction with two indices does
// if across is not 0.
func element(s *pxl.Symbol, i, across uint32) string {
	if s == nil {
		return ""
	}
	if across == 0 {
		return s.Name + "[" + strconv.Itoa(int(int32(i))) + "]"
	}
	return s.Name + "[" + strconv.Itoa(int(i%across)) + ", " + strconv.Itoa(int(i/across)) + "]"
}

// wordOf finds a variable, or an element of an array as arr[3], by its name.
func (p *program) wordOf(name string) (uint32, bool) {
	if i := slices.Index(isa.SysNames[:], name); i >= 0 {
		return uint32(i), true
	}
	base, index, indexed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	at := 0
	if indexed {
		n, err := strconv.Atoi(strings.TrimSpace(index))
		if err != nil {
			return 0, false
		}
		at = n
	}
	for _, s := range p.names {
		if s.Name == base && (s.Kind == pxl.ArraySymbol) == indexed && at >= 0 && at < s.Len {
			return uint32(s.Addr + at), true
		}
	}
	return 0, false
}

// variables are the names of variables and arrays.
func (p *program) variables() (names []string) {
	for _, s := range p.names {
		names = append(names, s.Name)
	}
	return names
}

// procedure is the name of the procedure whose body holds an address.
func (p *program) procedure(pc int) string {
	for i := range p.a.Procedures {
		if q := &p.a.Procedures[i]; pc >= q.From && pc < q.To {
			return q.Name
		}
	}
	return ""
}

// place is where the instruction at an address came from.
func (p *program) place(pc int) Place {
	if pl, ok := p.places[pc]; ok {
		return pl
	}
	r, ok := p.a.Map.At(pc)
	pl := Place{}
	if ok {
		pl = Place{Line: r.Pos.Line, Column: r.Pos.Column}
		if r.Pos.File != p.a.File {
			pl.File = r.Pos.File
		}
		text := p.a.Text(r.Pos.File)
		if from := r.Pos.Offset; from <= len(text) {
			runes := []rune(text[from:min(len(text), from+4*r.Length)])
			pl.Statement = strings.TrimSpace(string(runes[:min(len(runes), r.Length)]))
		}
	}
	p.places[pc] = pl
	return pl
}

// sameStatement says whether two addresses came from one statement.
func (p *program) sameStatement(a, b int) bool {
	if a == b {
		return true
	}
	x, y := p.place(a), p.place(b)
	return x.Line == y.Line && x.Column == y.Column && x.File == y.File
}

// decode gives the instruction at an address that was executed.
func (p *program) decode(pc int) (isa.Instr, bool) {
	return isa.Decode(p.a.Program, pc, p.a.Header.CodeEnd)
}

// effect is what an instruction writes.
type effect struct {
	kind effectKind
	word uint32 // of one
}

type effectKind uint8

const (
	unknown effectKind = iota
	nothing
	one     // the word
	stored  // a word that the trace tells of
	several // see frame.writes
)

// effectOf is what the instruction at an address writes.
func (p *program) effectOf(pc int) effect {
	if e := p.effects[pc]; e.kind != unknown {
		return e
	}
	e := effect{kind: nothing}
	if in, ok := p.decode(pc); ok {
		switch op := in.Spec.Op; {
		case op == isa.ST || op == isa.ST2:
			e.kind = stored
		case op == isa.INVOKE || op == isa.RETURN || op == isa.COLOR || op == isa.CAMERA || op == isa.CLIP || op == isa.SEED || op == isa.RND:
			e.kind = several
		case len(in.Spec.Operands) > 0 && in.Spec.Operands[0].Kind == isa.Out:
			e = effect{one, in.Args[0]}
		}
	}
	p.effects[pc] = e
	return e
}
