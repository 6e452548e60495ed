package generate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

// forms counts what programs are written with, beyond their opcodes.
type forms map[string]int

// note counts the forms of a source.
func (f forms) note(g Program) {
	program, files := include.Unbundle(g.Source)
	set := &syntax.FileSet{}
	t, _ := syntax.Parse(set.Add("random.pxl", program), syntax.NewReporter(set), files)
	for _, included := range set.Included() {
		f["a file"]++
		if strings.Contains(included.Path(), "/") && strings.Contains(included.Source(), "INCLUDE") {
			f["a file of a file"]++
		}
	}
	for i := range t.Stmts {
		f.statement(t, &t.Stmts[i])
	}
	for i := range t.Exprs {
		e := &t.Exprs[i]
		switch e.Kind {
		case syntax.CallExpr, syntax.SizeExpr:
			f[syntax.Functions[e.Val].Name+"()"]++
		case syntax.IndexExpr:
			f[map[bool]string{true: "name[i]", false: "name[x, y]"}[e.B == syntax.None]]++
		case syntax.NameExpr:
			f[t.Text(e.Pos, e.End)]++
		}
	}
	for _, c := range t.Calls {
		f[map[bool]string{true: "p a b", false: "p(a, b)"}[c.Spaced]]++
	}
}

func (f forms) statement(t *syntax.Tree, s *syntax.Stmt) {
	f[fmt.Sprintf("statement %d", s.Kind)]++
	inDef, text := s.Def != syntax.None && s.Kind != syntax.DefStmt, t.Text(s.Pos, s.End)
	for form, is := range map[string]bool{
		"IF x STATEMENT":  s.Inline,
		"x = 1, y = 2":    s.Chained,
		".table t w:":     s.Rows,
		"SPR name[frame]": s.Op == isa.SPR && s.Index != syntax.None,
		"a[i] op= x":      s.Kind == syntax.SetStmt && s.Index != syntax.None && s.Op != isa.NOP && s.Index2 == syntax.None,
		"a[x, y] op= x":   s.Kind == syntax.SetStmt && s.Index2 != syntax.None && s.Op != isa.NOP,
		".array a w h":    s.Kind == syntax.ArrayStmt && s.ArgEnd-s.Arg == 2,
		".sprite s":       s.Kind == syntax.SpriteStmt && s.ArgEnd == s.Arg,
		".sprite s w h":   s.Kind == syntax.SpriteStmt && s.ArgEnd > s.Arg,
		"a longer list":   s.Declares() && s.Kind != syntax.SpriteStmt && strings.Contains(text, "\n"),
		"EACH in a DEF":   s.IsEach() && inDef,
		"CALL in a DEF":   s.Kind == syntax.OpStmt && s.Op == isa.CALL && inDef,
		"FRAME in a DEF":  s.Kind == syntax.OpStmt && s.Op == isa.FRAME && inDef,
		"PUT in a DEF":    s.Kind == syntax.OpStmt && s.Op == isa.PUT && inDef && !s.InEach,
		"a call in EACH":  s.Kind == syntax.CallStmt && s.InEach,
	} {
		if is {
			f[form]++
		}
	}
	if s.Kind == syntax.SetStmt && s.Index == syntax.None {
		target := t.Text(s.Name, s.NameEnd)
		if before, _, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(text[strings.Index(text, target)+len(target):], " ")), "="); ok && len(before) < 3 {
			f["x "+before+"= 1"]++
		}
	}
	if s.Kind == syntax.OpStmt && (s.Op == isa.TXT || s.Op == isa.LOG) {
		for _, p := range t.Parts[s.Part:s.PartEnd] {
			if p.Expr == syntax.None {
				continue
			}
			f[fmt.Sprintf("format %d", p.Format&^isa.FormatWidth)]++
			if s.InEach {
				f["{x} in a block"]++
			}
		}
	}
}

// wanted are the forms that random programs must have.
func wanted() []string {
	all := []string{
		"a file", "a file of a file", "name[i]", "name[x, y]", "p a b", "p(a, b)", "{x} in a block",
		"IF x STATEMENT", "x = 1, y = 2", ".table t w:", "SPR name[frame]", "a[i] op= x", "a[x, y] op= x", ".array a w h",
		".sprite s", ".sprite s w h", "a longer list", "EACH in a DEF", "CALL in a DEF", "FRAME in a DEF", "PUT in a DEF", "a call in EACH",
	}
	for k := syntax.OpStmt; k <= syntax.SpriteStmt; k++ {
		all = append(all, fmt.Sprintf("statement %d", k))
	}
	for _, fn := range syntax.Functions {
		all = append(all, fn.Name+"()")
	}
	for _, n := range syntax.ReadOnlyNames {
		all = append(all, n.Name)
	}
	for _, op := range []string{"", "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"} {
		all = append(all, "x "+op+"= 1")
	}
	for _, form := range []isa.Format{0, isa.FormatLeft, isa.FormatZeros, isa.FormatPlus, isa.FormatHex, isa.FormatChar, isa.FormatHex | isa.FormatZeros, isa.FormatPlus | isa.FormatZeros} {
		all = append(all, fmt.Sprintf("format %d", form))
	}
	return all
}

// TestProgramsHaveEveryForm: statements, functions, names, formats and files.
func TestProgramsHaveEveryForm(t *testing.T) {
	f := forms{}
	for seed := range int64(1500) {
		f.note(New(seed, true))
	}
	for _, form := range wanted() {
		if f[form] < 3 {
			t.Errorf("%d times %s in all programs", f[form], form)
		}
	}
}

// TestProgramsDrawInEveryWay: commands of every kind, clipped and not, sprites
// mirrored, turned and larger, shapes that are near and far.
func TestProgramsDrawInEveryWay(t *testing.T) {
	drawn := map[string]int{}
	for seed := range int64(1500) {
		g := New(seed, false)
		m, err := machine.New(g.Assemble().Program, isa.DefaultSeed)
		if err != nil {
			t.Fatal(err)
		}
		h := m.Header()
		for i := range g.Frames {
			if _, err := m.Frame(t.Context(), g.Input(i), Budget); err != nil {
				t.Fatal(err)
			}
			commands := m.Commands()
			for _, c := range commands {
				drawn[c.Op().String()]++
				switch at := c[isa.CmdA:]; c.Op() {
				case isa.SPR:
					for bit, flag := range []uint32{1, 2, isa.SpriteTurned} {
						if c[isa.CmdE]&flag != 0 {
							drawn[fmt.Sprintf("SPR flag %d", bit)]++
						}
					}
					if c[isa.CmdE]/isa.SpriteScale&15 > 0 {
						drawn["SPR scaled"]++
					}
				case isa.LINE, isa.TRI:
					if slices.ContainsFunc(at[:4], func(v uint32) bool { return int32(v) > 8191 || int32(v) < -8192 }) {
						drawn[c.Op().String()+" far"]++
					}
				}
				if c[isa.CmdClipMin] != 0 || c[isa.CmdClipMax] != uint32(h.W)|uint32(h.H)<<16 {
					drawn["clipped"]++
				}
			}
			if s := m.Snapshot(); s.State[isa.StCameraX] != 0 || s.State[isa.StCameraY] != 0 {
				drawn["moved"]++
			}
		}
	}
	want := []string{"SPR flag 0", "SPR flag 1", "SPR flag 2", "SPR scaled", "LINE far", "TRI far", "clipped", "moved"}
	for _, s := range isa.Specs {
		if s.Group == isa.GroupDraw && s.Op != isa.COLOR && s.Op != isa.CLIP && s.Op != isa.CAMERA {
			want = append(want, s.Op.String())
		}
	}
	for _, way := range want {
		if drawn[way] < 20 {
			t.Errorf("%d times %s", drawn[way], way)
		}
	}
}

// TestAFileIsAsThoughItsLinesStoodThere: a program in several files has the words of
// one that has them all in its own.
func TestAFileIsAsThoughItsLinesStoodThere(t *testing.T) {
	in := 0
	for seed := range int64(400) {
		g := New(seed, true)
		program, files := include.Unbundle(g.Source)
		if len(files.Texts) == 0 {
			continue
		}
		in++
		one := paste(program, "", files.Texts, map[string]bool{})
		if !slices.Equal(pxl.Assemble("one.pxl", one).Program, g.Assemble().Program) {
			t.Fatalf("seed %d: not as\n%s", seed, one)
		}
	}
	if in < 50 {
		t.Errorf("only %d programs have files", in)
	}
}

// paste puts files where they are included for the first time.
func paste(text, folder string, files map[string]string, seen map[string]bool) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		name, ok := strings.CutPrefix(strings.TrimSpace(line), `INCLUDE "`)
		if !ok {
			b.WriteString(line)
			continue
		}
		path := folder + strings.TrimSuffix(name, `"`)
		if !seen[path] {
			seen[path] = true
			b.WriteString(paste(files[path], path[:strings.LastIndex(path, "/")+1], files, seen))
		}
	}
	return b.String()
}
