package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
)

// Program is a random program, and what it is to be run with.
type Program struct {
	Source string // with the files that it includes behind it: see pxl.AssembleBundle
	Frames int
	Inputs []machine.Input // given to its frames in turn
}

// Assemble assembles the program, which has no errors.
func (p Program) Assemble() *pxl.Assembly { return pxl.AssembleBundle("random.pxl", p.Source) }

// Input is what a frame is given, from 0.
func (p Program) Input(frame int) machine.Input {
	if len(p.Inputs) == 0 {
		return machine.Input{}
	}
	return p.Inputs[frame%len(p.Inputs)]
}

// Budget is the cycle budget of generated programs: few of their loops are
// endless, but some are.
const Budget = 20000

// New makes a random program that assembles: every statement, nested
// control flow, arrays, tables, text, both kinds of canvas, some in several files. Most run to their
// end, some fault. The same seed gives the same program. withEach says whether
// it may hold EACH blocks.
func New(seed int64, withEach bool) Program {
	g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 0x9E3779B97F4A7C15)), b: &strings.Builder{}, withEach: withEach}
	g.program()
	out := Program{Source: include.Bundle(g.b.String(), include.Files{Texts: g.files}), Frames: 1 + g.IntN(3)}
	for range g.IntN(3) {
		in := machine.Input{MouseX: int32(g.IntN(40) - 5), MouseY: int32(g.IntN(30) - 5), Buttons: int32(g.IntN(8)), Wheel: int32(g.IntN(7) - 3)}
		for i := range in.Keys {
			in.Keys[i] = g.Uint32()
		}
		out.Inputs = append(out.Inputs, in)
	}
	return out
}

type generator struct {
	*rand.Rand
	b        *strings.Builder  // the file being written
	files    map[string]string // those that are included, by their path from the program
	folder   string            // of the file being written
	withEach bool

	vars    []string // names that some SET gives a value
	arrays  []list
	tables  []list
	sprites []list // len is how many frames
	texts   []list
	subs    int // subroutines; a CALL from one goes only to later ones
	sub     int // the one being written, -1 in the main part

	procs  []procedure
	inside int  // the procedure being written, which calls only later ones; -1 in the main part
	pure   bool // it holds only what a block may hold
	texel  bool // it is for blocks alone

	indent int
	loops  int // loops around this statement
	names  int // loop variables given out
	each   bool
	left   int // statements left to write
}

type list struct {
	name string
	len  int
	cols int // of two dimensions; else 0
}

func (g *generator) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat("  ", g.indent))
	fmt.Fprintf(g.b, format, args...)
	g.b.WriteByte('\n')
}

// one picks an element.
func one[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

// in100 is true so many times in a hundred.
func (g *generator) in100(n int) bool { return g.IntN(100) < n }

func (g *generator) program() {
	kind := one(g, "", " pixel")
	g.line(".canvas %d %d%s", 1+g.IntN(24), 1+g.IntN(14), kind)
	g.line(".const K %d", g.IntN(40)-10)
	g.apart("lists.pxl", func() {
		for i := range g.IntN(3) {
			g.table(fmt.Sprintf("t%d", i))
		}
		g.apart("pictures.pxl", g.drawSprites)
		for i := range g.IntN(3) {
			g.array(fmt.Sprintf("a%d", i))
		}
		for i := range g.IntN(2) {
			g.textTable(fmt.Sprintf("words%d", i))
		}
	})
	g.vars = []string{"u", "v", "w", "x", "y"}
	for _, name := range g.vars {
		g.line("SET %s = %s", name, g.number())
	}
	g.declare()
	g.subs, g.sub = g.IntN(3), -1
	g.left = 4 + g.IntN(22)
	looped := g.in100(50)
	if looped {
		g.line("loop:")
	}
	g.body()
	if looped {
		g.line("FRAME")
		g.body()
		g.line("JMP loop")
	} else if g.in100(50) {
		g.line("HALT")
	} else if g.subs > 0 {
		g.line("JMP finish")
	}
	g.apart("lib/subs.pxl", func() {
		for g.sub = range g.subs {
			g.line("sub%d:", g.sub)
			g.left = 1 + g.IntN(5)
			g.body()
			g.line("RET")
		}
	})
	g.line("finish:")
	g.sub = g.subs
	g.apart("lib/procs.pxl", func() {
		for i := range g.procs {
			g.apart(fmt.Sprintf("p%d.pxl", i), func() { g.procedureBody(i) })
		}
	})
}

// body writes statements until there are enough, at least one.
func (g *generator) body() {
	for range 1 + g.IntN(6) {
		g.statement()
		if g.left <= 0 {
			return
		}
	}
}

// block writes a body one step in.
func (g *generator) block() {
	g.indent++
	g.body()
	g.indent--
}

func (g *generator) statement() {
	g.left--
	deep := g.indent >= 4
	switch n := g.IntN(100); {
	case n < 20:
		g.assign(3)
	case n < 24 && len(g.callable()) > 0:
		g.invoke(one(g, g.callable()...))
	case n < 27 && g.inside >= 0 && !g.each:
		g.leave()
	case n < 30 && !deep:
		g.branch()
	case n < 38 && !deep:
		g.loop()
	case n < 42 && g.loops > 0:
		g.line("IF %s %s", g.expr(1), one(g, "BREAK", "CONTINUE"))
	case g.pure && n < 60:
		g.assign(2)
	case g.pure && !g.texel:
		g.tell()
	case g.each || g.texel:
		if n < 46 || g.texel && n < 70 {
			g.tell()
		} else if n < 60 {
			g.line("SET %s = %s", one(g, g.vars...), g.expr(3))
		} else {
			g.line("PUT %s", g.expr(2))
		}
	case n < 50 && len(g.arrays) > 0:
		a := one(g, g.arrays...)
		g.line("SET %s[%s] %s %s", a.name, g.index(a), one(g, "=", "=", "+=", "^="), g.expr(2))
	case n < 55 && g.withEach && !deep:
		g.eachBlock()
	case n < 59 && g.sub+1 < g.subs && g.inside < 0:
		g.line("CALL sub%d", g.sub+1+g.IntN(g.subs-g.sub-1))
	case n < 63:
		g.line("LOG %s", g.text())
	case n < 65:
		g.line("%s", one(g, "NOP", "FRAME"))
	case n < 66:
		g.rare()
	case n < 68:
		g.line("SEED %s", g.expr(1))
	default:
		g.draw()
	}
}

// tell logs or asserts in a block: not for every texel of it, mostly.
func (g *generator) tell() {
	here := func(s string) string { // a procedure that the core calls too has no px
		if g.texel || !g.pure {
			return s
		}
		return strings.NewReplacer("px", "frame", "py", "u").Replace(s)
	}
	if g.in100(30) {
		g.line("ASSERT %s", one(g, "1", here("px != 3"), g.expr(1)))
		return
	}
	g.line("%sLOG %s", here(one(g, "", "IF px == py ", "IF px + py > 20 ", "IF px & 1 ")), g.text())
}

// rare writes what mostly ends the run.
func (g *generator) rare() {
	g.line("%s", one(g, "HALT", "RET", "ASSERT "+g.expr(2), "ASSERT 1", "IF "+g.expr(1)+" HALT"))
}

func (g *generator) branch() {
	if g.in100(25) {
		g.line("IF %s SET %s = %s", g.expr(2), one(g, g.vars...), g.expr(1))
		return
	}
	g.line("IF %s", g.expr(2))
	g.block()
	for g.in100(25) {
		g.line("ELSE IF %s", g.expr(2))
		g.block()
	}
	if g.in100(40) {
		g.line("ELSE")
		g.block()
	}
	g.line("END")
}

func (g *generator) loop() {
	g.names++
	name := fmt.Sprintf("i%d", g.names)
	if g.in100(60) {
		from, to, step := fmt.Sprint(g.IntN(9)-4), fmt.Sprint(g.IntN(9)-4), ""
		if g.in100(40) {
			step = " STEP " + one(g, "2", "-1", "(-2)", "3", "0 - 1", "(1 + ("+g.expr(1)+" & 3))")
		}
		if g.in100(30) {
			if from = g.expr(1); g.each && g.in100(95) { // for every texel a loop of millions takes its whole budget
				from = "(" + from + ") % 6"
			}
		}
		if g.in100(30) { // a limit that is computed, and kept while the loop runs
			to = one(g, "("+g.expr(1)+") % 6", one(g, g.vars...)+" & 7")
		}
		g.line("FOR %s = %s TO %s%s", name, from, to, step)
	} else {
		// The counter steps before anything in the body can CONTINUE.
		g.line("SET %s = 0", name)
		g.line("WHILE %s < %d && %s", name, 1+g.IntN(6), one(g, "1", g.expr(1)))
		g.indent++
		g.line("SET %s = %s + 1", name, name)
		g.indent--
	}
	seen := len(g.vars)
	g.vars = append(g.vars, name)
	g.loops++
	g.block()
	g.loops--
	endless := 10
	if g.each {
		endless = 2
	}
	if !g.in100(endless) { // a body that sets its loop's variable may never end
		g.vars = g.vars[:seen]
	}
	g.line("END")
}

func (g *generator) eachBlock() {
	if g.in100(50) {
		g.line("EACH")
	} else {
		g.line("EACH %s %s %s %s", g.operand(), g.operand(), g.operand(), g.operand())
	}
	loops, vars := g.loops, g.vars
	g.each, g.loops = true, 0
	g.left += 3
	g.block()
	g.line("  PUT %s", g.expr(1))
	g.line("END")
	g.each, g.loops, g.vars = false, loops, vars
}

func (g *generator) draw() {
	kind := one(g, "CLS", "TXT", "TXT", "RECT", "BOX", "FILL", "PLOT", "LINE", "CIRC", "RING", "BLIT", "COLOR", "TRI", "TRI", "SPR", "SPR", "CLIP", "CAMERA")
	switch kind {
	case "SPR":
		g.sprite()
		return
	case "CLIP", "CAMERA":
		g.moved(kind)
		return
	case "LINE", "TRI":
		if g.in100(40) {
			g.far(kind)
			return
		}
	}
	operands := map[string]int{"CLS": 0, "TXT": 2, "RECT": 4, "BOX": 4, "FILL": 4, "PLOT": 2, "LINE": 4, "TRI": 6, "CIRC": 3, "RING": 3, "BLIT": 6, "COLOR": 1}[kind]
	var words []string
	for range operands {
		words = append(words, g.operand())
	}
	text := ""
	switch {
	case kind == "TXT":
		text = g.text()
	case kind == "CLS" && g.in100(50):
		words = append(words, g.expr(1))
	case kind != "BLIT" && kind != "CLS" && g.in100(50):
		words = append(words, g.operand())
	}
	g.line("%s", strings.TrimSpace(kind+" "+strings.Join(words, one(g, " ", " ", ", "))+" "+text))
}

// operand is one of an operand list: a small coordinate, mostly.
func (g *generator) operand() string {
	switch {
	case g.in100(60):
		return fmt.Sprint(g.IntN(24) - 4)
	case g.in100(50):
		return one(g, append(g.vars, "W", "H", "frame", "mx", "my", "K", "red", "cyan")...)
	}
	return "(" + g.expr(2) + ")"
}

func (g *generator) text() string {
	var b strings.Builder
	for i := range 1 + g.IntN(4) {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch g.IntN(6) {
		case 0, 1:
			b.WriteString(g.reference())
		case 2:
			b.WriteString(`\{~\} é`)
		default:
			b.WriteString(one(g, "Hello", "a,b", "x", "100%", "the end"))
		}
	}
	if g.in100(15) {
		return `"  ` + b.String() + ` "`
	}
	return b.String()
}
