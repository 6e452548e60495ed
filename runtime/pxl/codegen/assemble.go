package codegen

import (
	"sort"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/lint"
	"gvpie/runtime/pxl/syntax"
)

// Assembly is an assembled program with all that is known about it. When there
// are errors Program is nil, and the rest is as complete as recovery allows.
type Assembly struct {
	File        string
	Source      string
	Included    []Source          // the other files that it is made of, in the order they were read
	Links       map[string]string // paths that they were named by, where that is another
	Program     isa.Program
	Header      isa.Header
	Diagnostics []syntax.Diagnostic // in order of place
	Symbols     []Symbol            // in order of declaration
	Sprites     []check.Sprite      // likewise
	Procedures  []Procedure
	Map         SourceMap
}

// Source is a file that a program includes.
type Source struct {
	Name string // as positions spell it
	Path string // from the program's folder, with slashes
	Text string
}

// Path gives the path from the program's folder of the file that a position names,
// "" of the program's own.
func (a *Assembly) Path(file string) string {
	for i := range a.Included {
		if a.Included[i].Name == file {
			return a.Included[i].Path
		}
	}
	return ""
}

// Text gives the source of the file that a position names.
func (a *Assembly) Text(file string) string {
	for i := range a.Included {
		if a.Included[i].Name == file {
			return a.Included[i].Text
		}
	}
	return a.Source
}

// Files gives the texts of the included files by their paths, as a program takes
// them with it; nil if there are none.
func (a *Assembly) Files() map[string]string {
	if len(a.Included) == 0 {
		return nil
	}
	files := make(map[string]string, len(a.Included))
	for _, f := range a.Included {
		files[f.Path] = f.Text
	}
	return files
}

// OK says whether there is a program: no diagnostic is an Error.
func (a *Assembly) OK() bool { return a.Program != nil }

// Procedure is a procedure with a body of its own, and what its calls take.
type Procedure struct {
	Name      string
	Pos       syntax.Position // of its name
	From, To  int             // program addresses: its body
	Act       int             // the first word of its activation in the data page
	Words     int             // of its activation: parameters, locals, intermediate values
	Params    []string        // the first words
	Locals    []string        // those behind them
	Recursive bool            // its activation is kept when it is called again before it returns
	Save      int             // and this is where, a data index: that of the call at depth d of the stack d * Stride words on
	Stride    int
}

// procedures lists the procedures that have a body, in order of their DEFs.
func (g *generator) procedures() []Procedure {
	var out []Procedure
	for i := range g.acts {
		p, act := &g.Procs[i], &g.acts[i]
		if !p.Body {
			continue
		}
		q := Procedure{Name: p.Name, Pos: g.Files.Position(p.Pos), From: act.entry, To: act.end, Act: act.base, Words: act.words, Recursive: p.Recursive}
		if p.Recursive {
			q.Save, q.Stride = g.save, g.stride
		}
		for k, l := range p.Locals {
			if k < p.Params {
				q.Params = append(q.Params, l.Name)
			} else {
				q.Locals = append(q.Locals, l.Name)
			}
		}
		out = append(out, q)
	}
	return out
}

// Symbol is a name that the program declares or gives a value. A parameter or local is
// star.x, that of the procedure first.
type Symbol struct {
	Name string
	Kind check.SymbolKind
	Addr int             // VarSymbol, ArraySymbol: data index. TableSymbol, SpriteSymbol, TextSymbol, LabelSymbol, ProcSymbol: program address. ConstSymbol: its value
	Len  int             // words of an array, table or sprite, texts of a .text; 1 for the others
	Cols int             // words in a row of an array or table of two dimensions; else 0
	Pos  syntax.Position // where it is declared or first given a value
}

// Assemble turns source into a program, or says everything that is wrong with
// it. It never fails otherwise: any string is accepted. file is only a name for
// the diagnostics. What the program includes comes from a folder; without one, nil,
// it cannot include.
func Assemble(file, src string, in syntax.Folder) *Assembly {
	a := assemble(file, src, in)
	a.checkFixes(in)
	return a
}

func assemble(file, src string, in syntax.Folder) *Assembly {
	a := &Assembly{File: file, Source: src}
	files := &syntax.FileSet{}
	f := files.Add(file, src)
	r := syntax.NewReporter(files)
	tree, ok := syntax.Parse(f, r, in)
	a.Links = tree.Links
	for _, f := range files.Included() {
		a.Included = append(a.Included, Source{f.Name(), f.Path(), f.Source()})
	}
	if !ok {
		a.Diagnostics = r.Diagnostics()
		return a
	}
	scope := check.Declare(tree, r)
	lint.Spelling(tree, scope, r)
	check.Resolve(tree, scope, r)
	lint.Meaning(tree, scope, r)
	g := &generator{effects: effects{Tree: tree, Scope: scope}, Reporter: r}
	g.generate(len(src))
	a.Diagnostics = r.Diagnostics()
	a.Symbols, a.Sprites = g.symbols(), scope.Sprites
	a.Map = SourceMap{files, f, g.entries, g.codeEnd}
	if r.Errors() == 0 {
		a.Program = g.code
		a.Header, _ = a.Program.Header()
		a.Procedures = g.procedures()
	}
	return a
}

// What a fix that moves the border of a block does shows in the whole program alone:
// as many are tried out, of a source that is no longer.
const (
	maxTried       = 4
	maxTriedSource = 128 << 10
)

// checkFixes takes back fixes of blocks after which there would be no fewer problems.
func (a *Assembly) checkFixes(in syntax.Folder) {
	if len(a.Source) > maxTriedSource {
		return
	}
	tried := 0
	for i := range a.Diagnostics {
		d := &a.Diagnostics[i]
		if d.Fix == nil || tried == maxTried || d.Pos.File != a.File {
			continue
		}
		switch d.Code {
		case syntax.CodeMissingEnd, syntax.CodeUnexpectedEnd, syntax.CodeKeywordLabel:
		default:
			if !strings.HasSuffix(d.Fix.Replace, ":") {
				continue
			}
		}
		tried++
		fixed := assemble(a.File, a.Source[:d.Fix.Offset]+d.Fix.Replace+a.Source[d.Fix.End:], in)
		if len(fixed.Diagnostics) >= len(a.Diagnostics) {
			d.Fix = nil
		}
	}
}

// symbols lists the program's names in order of declaration.
func (g *generator) symbols() []Symbol {
	if len(g.Names)+len(g.LabelList) == 0 {
		return nil
	}
	type placed struct {
		Symbol
		pos syntax.Pos
	}
	all := make([]placed, 0, len(g.Names)+len(g.LabelList))
	for i := range g.acts {
		p, act := &g.Procs[i], &g.acts[i]
		for k, l := range p.Locals {
			if p.Body {
				all = append(all, placed{Symbol{Name: p.Name + "." + l.Name, Kind: check.VarSymbol, Addr: act.base + k, Len: 1}, l.Pos})
			}
		}
	}
	for name, e := range g.Names {
		if e.Kind == check.ProcSymbol && !g.Procs[e.Val].Body {
			continue // it has no address
		}
		s := Symbol{Name: name, Kind: e.Kind, Addr: int(e.Val), Len: 1}
		switch e.Kind {
		case check.ArraySymbol:
			s.Addr, s.Len, s.Cols = g.arrayBases[e.Val], g.Arrays[e.Val].Size, g.Arrays[e.Val].Cols
		case check.TableSymbol:
			s.Addr, s.Len, s.Cols = g.tableBases[e.Val], g.Tables[e.Val].Size, g.Tables[e.Val].Cols
		case check.SpriteSymbol:
			s.Addr, s.Len = g.spriteBases[e.Val], len(g.Sprites[e.Val].Texels)
		case check.ProcSymbol:
			s.Addr = g.acts[e.Val].entry
		case check.TextSymbol:
			s.Addr, s.Len = g.textBases[e.Val], len(g.Texts[e.Val].Texts)
		}
		all = append(all, placed{s, e.Pos})
	}
	for i, l := range g.LabelList {
		all = append(all, placed{Symbol{Name: l.Name, Kind: check.LabelSymbol, Addr: g.labelAddrs[i], Len: 1}, l.Pos})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].pos < all[j].pos })
	places := make([]syntax.Pos, len(all))
	for i, s := range all {
		places[i] = s.pos
	}
	out := make([]Symbol, len(all))
	for i, at := range g.Files.Positions(places) {
		out[i] = all[i].Symbol
		out[i].Pos = at
	}
	return out
}
