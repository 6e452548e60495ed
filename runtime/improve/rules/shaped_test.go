package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gvpie/runtime/improve"
)

// shaped makes a random program of the things that people write and rules look for:
// loops of strips, lines, rectangles that touch or cover each other, a background, and
// something that moves over it.
func shaped(seed uint64) string {
	g := rand.New(rand.NewPCG(seed, 7))
	b := &strings.Builder{}
	n := func(most int) int { return g.IntN(most) }
	pick := func(of ...string) string { return of[g.IntN(len(of))] }
	kind := pick(" pixel", " pixel", "")
	fmt.Fprintf(b, ".canvas 20 12%s\n.table t 3 1 4 1 5\n.array a 3\nDEF f(v)\n  LOCAL r\n  r = v + %d\n  IF r < 0 r = 0\n  IF r > 9 r = 9\n  RETURN r\nEND\nDEF d(x, y)\n  RECT x y 3 2 red\n  PLOT x (y + 1) blue\nEND\nDEF e(x)\n  LOCAL v\n  v = x + c\n  %s\n  RETURN v\nEND\n", kind, n(5)-2, pick("c = v & 15", "x = x + 1", "IF v > 9 v = 9", "PLOT x 2 red"))
	color := func() string {
		return pick("red", "navy", "0x102030", fmt.Sprintf("(%d * 40)", n(5)), "c", "")
	}
	number := func() string {
		return pick(fmt.Sprint(n(14)-2), fmt.Sprint(n(14)-2), "x", "t[2]", "f(x)", "(x & 7)", "(frame & 3)", "mx")
	}
	names := 0
	var statement func(depth int) string
	statement = func(depth int) string {
		names++
		i, x, y, w, h, c := fmt.Sprintf("i%d", names), number(), number(), number(), number(), color()
		if g.IntN(2) == 0 {
			w, h = fmt.Sprint(1+n(8)), fmt.Sprint(1+n(5))
		}
		switch k := n(27); k {
		case 0:
			return "CLS " + pick("", "teal", "black")
		case 1:
			return fmt.Sprintf("FOR %s = %s TO %s\n  PLOT %s %s %s\nEND", i, number(), number(), i, y, c)
		case 2:
			return fmt.Sprintf("FOR %s = %s TO %s\n  RECT %s (%s + 1) %s 1 %s\nEND", i, number(), number(), x, i, w, c)
		case 3:
			return fmt.Sprintf("FOR %s = 0 TO 5\n  FOR j%s = 0 TO %d\n    PLOT (%s + 2) j%s %s\n  END\nEND", i, i, n(6), i, i, c)
		case 4:
			return fmt.Sprintf("LINE %s %s %s %s %s", x, y, x, number(), c)
		case 5:
			return fmt.Sprintf("LINE %d %d %d %d %s", n(20), 3, n(20), 3, c)
		case 6, 7:
			p, q := n(8), 1+n(5)
			return fmt.Sprintf("RECT %d %s %d %s %s\nRECT %d %s %d %s %s", p, y, q, h, c, p+q, y, n(6), h, c)
		case 8:
			p, q := n(8), 1+n(5)
			return fmt.Sprintf("RECT %s %d %s %d %s\nIF %s > 4 RECT %s %d %s %d %s", x, p, w, q, c, number(), x, p, w, q, color())
		case 9:
			return fmt.Sprintf("%s = %d\nWHILE %s < %s\n  RECT (%d + %s) 4 1 2 %s\n  %s += 1\nEND", i, n(3), i, number(), n(5), i, c, i)
		case 10:
			return fmt.Sprintf("FOR %s = %d TO %d\n  RECT 0 %s 20 1 (%s * 9)\nEND\nRECT 0 %d 20 %d %s", i, n(3), 6+n(6), i, i, n(9), n(9), c)
		case 11:
			return fmt.Sprintf("IF %s < %s x = %s", pick("x", "c"), number(), number())
		case 12:
			return fmt.Sprintf("IF x > 6 x = 6\nIF x < 0 x = %s", pick("0", "-x", "0 - x"))
		case 13:
			return fmt.Sprintf("IF %s == %s c += 1", number(), number())
		case 14:
			return fmt.Sprintf("d(%s, %s)", pick("1", "x", "(x + 1)"), y)
		case 15:
			return fmt.Sprintf("EACH\n  c = %s * %d + %s\n  IF c < 9 c = 9\n  PUT c\nEND", pick("px", "py", "x"), n(9), pick("1", "px", "t[1]"))
		case 16:
			return fmt.Sprintf("CIRC %d %d %d %s\nCIRC %d %d %d %s", 5, 5, n(4), c, 5, 5, n(5), c)
		case 17:
			return fmt.Sprintf("COLOR %s\nTXT %d %d ab{%s:2}", pick("white", "red"), n(12), n(12), pick("x", "t[1]", "frame"))
		case 18:
			if depth < 2 {
				return fmt.Sprintf("IF x %s %d\n  %s\nEND\nIF x > 4 BOX 1 1 5 4 red", pick("<", ">"), n(8), strings.ReplaceAll(statement(depth+1), "\n", "\n  "))
			}
		case 19:
			return "LOG {x} {c}"
		case 20, 21: // a table of rows, some of which never change
			body := []string{}
			if n(3) > 0 {
				body = append(body, fmt.Sprintf("y%s = %d + %s * %d", i, n(6), i, 1+n(4)))
			} else {
				body = append(body, fmt.Sprintf("y%s = %s + %s", i, i, number()))
			}
			for range 2 + n(4) {
				body = append(body, []string{
					"COLOR " + pick("white", "red", color()+" "), fmt.Sprintf("TXT %d y%s a{%s}", n(12), i, i),
					fmt.Sprintf("RECT %d y%s %d 1 %s", n(14), i, 1+n(6), pick("red", "blue")), fmt.Sprintf("TXT %d y%s {%s}", n(16), i, pick("frame", "x", "c")),
					fmt.Sprintf("RECT %d y%s (x + %s) 1 %s", n(14), i, i, pick("red", "blue")), fmt.Sprintf("IF x > %s PLOT %d y%s white", i, n(16), i),
				}[n(6)])
			}
			return fmt.Sprintf("FOR %s = 0 TO %d\n  %s\nEND", i, 1+n(4), strings.ReplaceAll(strings.Join(body, "\n  "), "COLOR  ", "COLOR white"))
		case 22:
			return pick("x = rnd(9)", "c = rnd(x + 3) * 5", "LOG {rnd(4)}", "PLOT rnd(20) rnd(12) red")
		case 23:
			return pick("x = t[x]", "c = a[x & 3]", "c = 90 / x", "c = x % (c - 4)", "a[x] = 2")
		case 24:
			return pick("e(x)", "x = e(c) & 7", "LOG {e(2)}")
		case 25, 26:
			return fmt.Sprintf("w = (w + %d) & 7\nRECT (w * w / 3 + %d) %s 2 2 %s", 1+n(3), n(4), y, c)
		}
		return "x = (x + 1) & 7"
	}
	fmt.Fprintln(b, "x = 1\nc = 5")
	for range n(3) {
		fmt.Fprintln(b, statement(0))
	}
	fmt.Fprintln(b, "loop:")
	if g.IntN(2) == 0 {
		fmt.Fprintf(b, "a[0] = 4\na[1] = %d\na[2] = 2\n", n(9))
	}
	if g.IntN(3) > 0 {
		fmt.Fprintln(b, "CLS "+pick("", "navy", "olive"))
	}
	for range 1 + n(7) {
		fmt.Fprintln(b, statement(0))
	}
	fmt.Fprintln(b, pick("", "PLOT a[x & 1] 2 white", "x = (x + 1) & 7", "x += 1"))
	fmt.Fprintln(b, "FRAME\nJMP loop")
	return b.String()
}

func TestShapedProgramsStayTheSame(t *testing.T) {
	fits := map[string]int{}
	for seed := range uint64(*programs / 3) {
		source := shaped(seed)
		before, err := improve.Load("p", source)
		if err != nil {
			t.Fatalf("%v\n%s", err, source)
		}
		p := read(source)
		for _, r := range table {
			out := &proposals{proved: true}
			r(p, out)
			switch nameOf(r) {
			case "invariants", "columnsAndRows", "commonParts", "deadSets": // the other random programs are full of them
				out.all = out.all[:min(len(out.all), 1)]
			}
			for _, c := range out.all {
				fits[nameOf(r)]++
				after, err := improve.Load("p", c.Source)
				if err != nil {
					t.Fatalf("seed %d: after %s (%s): %v\n%s\nbefore\n%s", seed, nameOf(r), c.Step, err, c.Source, source)
				}
				v, err := improve.Prove(t.Context(), before, after, improve.Effort{Frames: 6, Seeds: 1, Cost: 400_000})
				if err != nil {
					t.Fatal(err)
				}
				if v.Witness != nil {
					t.Fatalf("seed %d: after %s (%s) %s: %+v\n%s\nbefore\n%s", seed, nameOf(r), c.Step, v.What, v.Witness, c.Source, source)
				}
			}
		}
	}
	for _, r := range table {
		if *programs >= 600 && fits[nameOf(r)] == 0 {
			t.Errorf("%s fits nowhere", nameOf(r))
		}
	}
	t.Log(fits)
}
