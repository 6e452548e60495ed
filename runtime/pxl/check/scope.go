package check

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// SymbolKind says what a name of the program names.
type SymbolKind uint8

const (
	VarSymbol SymbolKind = iota
	ArraySymbol
	TableSymbol
	LabelSymbol
	ConstSymbol
	SpriteSymbol
	ProcSymbol
	TextSymbol
)

// Entity is what a name of the program means.
type Entity struct {
	Kind     SymbolKind
	Val      int32      // VarSymbol: data index, or a word of an activation. ConstSymbol: value. ArraySymbol, TableSymbol, SpriteSymbol, ProcSymbol, TextSymbol: number in Arrays, Tables, Sprites, Procs, Texts
	Pos, End syntax.Pos // where it is declared, or first given a value
}

// Array is an .array or .table.
type Array struct {
	Name   string
	Pos    syntax.Pos
	Size   int
	Cols   int     // words in a row; 0 of an array of one dimension
	Values []int32 // of a table
}

// Rows is how many rows an array of two dimensions has.
func (a *Array) Rows() int { return a.Size / max(1, a.Cols) }

// TextTable is a .text.
type TextTable struct {
	Name  string
	Pos   syntax.Pos
	Texts []string
}

// Label is a label where it stands.
type Label struct {
	Name     string
	Pos, End syntax.Pos
	Def      int32 // the DEF whose body it stands in, or syntax.None
}

// Scope holds the program's names. Variables, constants, arrays, tables, sprites,
// texts and procedures share one set of names; labels have their own, and so has the
// body of a procedure.
type Scope struct {
	Names     map[string]Entity
	Vars      []Entity
	Arrays    []Array
	Tables    []Array
	Sprites   []Sprite
	Texts     []TextTable
	Labels    map[string]int32 // outside procedures; index in LabelList
	LabelList []Label
	Procs     []Proc
	byDef     map[int32]int32 // the number of the procedure that a DEF begins
	W, H      int32
	Pixel     bool
	canvas    int32 // its statement, or None

	palettes map[*syntax.File][]uint32 // of the sprites that follow in a file, where a .palette was
}

// checker is one pass over a tree.
type checker struct {
	*syntax.Tree
	*syntax.Reporter
	*Scope
}

// Declare reads the directives of a program, then finds the names that SET and
// FOR give a value, and the labels.
func Declare(t *syntax.Tree, r *syntax.Reporter) *Scope {
	c := checker{t, r, &Scope{canvas: syntax.None, W: isa.DefaultWidth, H: isa.DefaultHeight}}
	c.declare()
	return c.Scope
}

func (c *checker) declare() {
	hasCanvas := false
	for i := range c.Stmts {
		hasCanvas = hasCanvas || c.Stmts[i].Kind == syntax.CanvasStmt
	}
	sized := !hasCanvas // W and H are known
	for i := range c.Stmts {
		s := &c.Stmts[i]
		switch s.Kind {
		case syntax.CanvasStmt:
			c.canvasSize(s, int32(i))
			sized = true
		case syntax.ConstStmt:
			v, ok := c.constant(s, 0, sized)
			c.name(s, Entity{Kind: ConstSymbol, Val: v}, ok)
		case syntax.ArrayStmt:
			if a := (lists{c}).array(s, sized); c.name(s, Entity{Kind: ArraySymbol, Val: int32(len(c.Arrays))}, true) {
				c.Arrays = append(c.Arrays, a)
			}
		case syntax.TableStmt:
			if t := (lists{c}).table(s, sized); c.name(s, Entity{Kind: TableSymbol, Val: int32(len(c.Tables))}, true) {
				c.Tables = append(c.Tables, t)
			}
		case syntax.PaletteStmt:
			c.palette(s, sized)
		case syntax.SpriteStmt:
			c.sprite(s, sized)
		case syntax.TextStmt:
			if t := (lists{c}).texts(s); c.name(s, Entity{Kind: TextSymbol, Val: int32(len(c.Texts))}, true) {
				c.Texts = append(c.Texts, t)
			}
		}
	}
	c.procedures()
	for i := range c.Stmts {
		switch s := &c.Stmts[i]; s.Kind {
		case syntax.LabelStmt:
			c.label(s)
		case syntax.LocalStmt:
			c.locals(s)
		}
	}
	for i := range c.Stmts {
		s := &c.Stmts[i]
		if (s.Kind == syntax.SetStmt || s.Kind == syntax.ForStmt) && s.NameEnd > s.Name && s.Index == syntax.None {
			c.variable(s)
		}
	}
}

func (c *checker) canvasSize(s *syntax.Stmt, i int32) {
	if c.canvas != syntax.None {
		c.Errorf(syntax.CodeDuplicateName, s.Pos, s.End, "the canvas has its size from %s; a program has one .canvas", c.Files.Where(c.Stmts[c.canvas].Pos, s.Pos))
		return
	}
	c.canvas = i
	c.Pixel = s.Pixel
	if s.ArgEnd-s.Arg < 2 {
		return
	}
	size := [2]int32{isa.DefaultWidth, isa.DefaultHeight}
	for k, what := range [...]string{"wide", "high"} {
		v, ok := c.constant(s, k, false)
		if ok && (v < 1 || v > isa.MaxCanvas) {
			n := c.Exprs[c.Args[int(s.Arg)+k]]
			c.Errorf(syntax.CodeCanvasSize, n.Pos, n.End, "a canvas is 1 to %d texels %s, not %d", isa.MaxCanvas, what, v)
			continue
		}
		if ok {
			size[k] = v
		}
	}
	c.W, c.H = size[0], size[1]
}

// name declares the name of a directive.
func (c *checker) name(s *syntax.Stmt, e Entity, ok bool) bool {
	name := c.Text(s.Name, s.NameEnd)
	if name == "" {
		return false
	}
	e.Pos, e.End = s.Name, s.NameEnd
	if b, taken := syntax.LookupBuiltin(name); taken {
		c.Errorf(syntax.CodeReserved, e.Pos, e.End, "%s is %s; choose another name", syntax.Quoted(name), whatIs(b))
		return false
	}
	if old, taken := c.Names[name]; taken {
		c.Errorf(syntax.CodeDuplicateName, e.Pos, e.End, "%s is declared on %s already", syntax.Quoted(name), c.Files.Where(old.Pos, e.Pos))
		return false
	}
	if c.Names == nil {
		c.Names = make(map[string]Entity)
	}
	c.Names[name] = e
	return ok
}

// label declares a label. Directives come first: a label may not take the name
// of a constant, table or array, wherever that is declared.
func (c *checker) label(s *syntax.Stmt) {
	name := c.Text(s.Name, s.NameEnd)
	if s.InEach {
		c.Errorf(syntax.CodeNotInEach, s.Pos, s.End, "a label cannot stand inside EACH: nothing can jump there")
	}
	if b, taken := syntax.LookupBuiltin(name); taken {
		c.Errorf(syntax.CodeReserved, s.Name, s.NameEnd, "%s is %s; choose another name for the label", syntax.Quoted(name), whatIs(b))
	} else if e, taken := c.Names[name]; taken && (s.Def == syntax.None || e.Kind == ProcSymbol) {
		c.Errorf(syntax.CodeReserved, s.Name, s.NameEnd, "%s is the %s of %s; choose another name for the label", syntax.Quoted(name), kindNames[e.Kind], c.Files.Where(e.Pos, s.Name))
	}
	labels := &c.Labels
	if p := c.Proc(s.Def); p != nil {
		labels = &p.labels
	}
	if i, taken := (*labels)[name]; taken {
		c.Errorf(syntax.CodeDuplicateLabel, s.Name, s.NameEnd, "the label %s stands on %s already", syntax.Quoted(name), c.Files.Where(c.LabelList[i].Pos, s.Name))
		return
	}
	if *labels == nil {
		*labels = make(map[string]int32)
	}
	(*labels)[name] = int32(len(c.LabelList))
	c.LabelList = append(c.LabelList, Label{name, s.Name, s.NameEnd, s.Def})
}

// variable makes the target of a SET or FOR a variable, or says why it cannot be.
func (c *checker) variable(s *syntax.Stmt) {
	name := c.Text(s.Name, s.NameEnd)
	if p := c.Proc(s.Def); p != nil && p.local(name) != syntax.None {
		return
	}
	if b, taken := syntax.LookupBuiltin(name); taken {
		c.Errorf(syntax.CodeNotAssignable, s.Name, s.NameEnd, "%s is %s and cannot be given a value", syntax.Quoted(name), whatIs(b))
		return
	}
	if e, taken := c.Names[name]; taken {
		switch e.Kind {
		case VarSymbol:
		case ProcSymbol:
			c.assignsProcedure(s, e.Val)
		case ArraySymbol:
			c.Errorf(syntax.CodeNeedsIndex, s.Name, s.NameEnd, "%s is an array: say which word, SET %s[i] = …", syntax.Quoted(name), name)
		default:
			c.Errorf(syntax.CodeNotAssignable, s.Name, s.NameEnd, "%s is a %s and cannot be given a value", syntax.Quoted(name), kindNames[e.Kind])
		}
		return
	}
	if c.Names == nil {
		c.Names = make(map[string]Entity)
	}
	e := Entity{VarSymbol, int32(isa.SysWords + len(c.Vars)), s.Name, s.NameEnd}
	c.Names[name] = e
	c.Vars = append(c.Vars, e)
}

var kindNames = [...]string{VarSymbol: "variable", ArraySymbol: "array", TableSymbol: "table", LabelSymbol: "label", ConstSymbol: "constant", SpriteSymbol: "sprite", ProcSymbol: "procedure", TextSymbol: "table of texts"}

// whatIs says what a built-in name is.
func whatIs(b syntax.Builtin) string {
	switch b.Kind {
	case syntax.Function:
		return "a function"
	case syntax.ColorName:
		return "a colour"
	}
	return "a read-only name"
}
