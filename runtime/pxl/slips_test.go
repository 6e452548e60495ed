package pxl_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/internal/corpus"
)

var update = flag.Bool("update", false, "write what is said now into testdata/slips.txt")

const slipsFile = "testdata/slips.txt"

// slips are the programs of testdata/slips.txt, as people write them in their first
// hour, with what is said of each.
func slips(t testing.TB) (programs, said []string) {
	t.Helper()
	b, err := os.ReadFile(slipsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(b), "=== program\n")[1:] {
		program, answer, _ := strings.Cut(part, "=== said\n")
		programs = append(programs, program)
		said = append(said, answer)
	}
	return programs, said
}

// beside is what lies beside the slips.
var beside = include.Files{Texts: map[string]string{"lib.pxl": "; nothing\n"}}

// answer writes what is said of a program: the code, the place and the sentence of
// each diagnostic, and the program with its fix.
func answer(src string) string {
	var b strings.Builder
	a := pxl.AssembleIn("", src, beside)
	if len(a.Diagnostics) == 0 {
		b.WriteString("nothing\n")
	}
	for _, d := range a.Diagnostics {
		kind := "error"
		if d.Severity == pxl.Warning {
			kind = "warning"
		}
		fmt.Fprintf(&b, "%d:%d+%d %s %s: %s\n", d.Pos.Line, d.Pos.Column, d.Length, kind, d.Code, d.Message)
		if d.Fix != nil {
			fmt.Fprintf(&b, "  (%s)\n", d.Fix.Title)
			for l := range strings.Lines(applied(src, d.Fix)) {
				b.WriteString("  | " + strings.TrimRight(l, "\n") + "\n")
			}
		}
	}
	return b.String()
}

func TestSlipsAreAnswered(t *testing.T) {
	programs, said := slips(t)
	if *update {
		var b strings.Builder
		for _, p := range programs {
			b.WriteString("=== program\n" + p + "=== said\n" + answer(p))
		}
		if err := os.WriteFile(slipsFile, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, p := range programs {
		if got := answer(p); got != said[i] {
			t.Errorf("%s=== said\n%s=== not\n%s", p, got, said[i])
		}
	}
}

// TestAFixMends holds every fix, of the slips alone and of several in one program, to
// what a fix promises: fewer problems, and nothing of its line lost.
func TestAFixMends(t *testing.T) {
	programs, _ := slips(t)
	for _, p := range programs {
		fixesMend(t, p)
	}
	random := rand.New(rand.NewPCG(9, 3))
	for range 1500 {
		var b strings.Builder
		for range 2 + random.IntN(2) {
			b.WriteString(programs[random.IntN(len(programs))])
		}
		if fixesMend(t, b.String()); t.Failed() {
			return
		}
	}
}

func fixesMend(t *testing.T, src string) {
	t.Helper()
	before := pxl.AssembleIn("", src, beside)
	for _, d := range before.Diagnostics {
		if d.Fix == nil {
			continue
		}
		fixed := applied(src, d.Fix)
		after := pxl.AssembleIn("", fixed, beside)
		// Where a line can be read at last, there may be warnings of it.
		if len(after.Diagnostics) >= len(before.Diagnostics) && errors(after) >= errors(before) {
			t.Errorf("%q of %v: %d problems become %d:\n%s%v", d.Fix.Title, d, len(before.Diagnostics), len(after.Diagnostics), fixed, after.Diagnostics)
		}
		from, end := d.Fix.Offset, d.Fix.End
		for from > 0 && src[from-1] != '\n' {
			from--
		}
		for end < len(src) && src[end] != '\n' {
			end++
		}
		was, is := src[from:end], fixed[from:len(fixed)-(len(src)-end)]
		if lost := missing(was, is); lost != "" && !strings.Contains(d.Message, "did you mean") && d.Message != "a procedure gives its value with RETURN" {
			t.Errorf("%q of %v loses %s of %q", d.Fix.Title, d, lost, was)
		}
	}
}

func errors(a *pxl.Assembly) (n int) {
	for _, d := range a.Diagnostics {
		if d.Severity == pxl.Error {
			n++
		}
	}
	return n
}

var (
	kept     = regexp.MustCompile(`0[xX][0-9a-fA-F]+|\b[0-9]+|"[^"]*"|[A-Za-z_][A-Za-z0-9_]*`)
	fraction = regexp.MustCompile(`(\d)\.0*\b`)
	format   = regexp.MustCompile(`(\{[^{}]*:[-+0-9]*)[diu]\}`) // a letter for decimal, which there is none for
	// What a mend may take away: words of other languages that mean something here.
	words = regexp.MustCompile(`(?i)^(rem|let|var|local|int|float|unsigned|uniform|const|dim|then|do|loop|while|until|repeat|wend|endif|endeach|next|end|else|elif|elseif|goto|gosub|call|return|out|in|vec2|vec4|print|at|println|printf|text|f|str|log|console|trace|function|def|sub|void|main|by|in|range|to|and|or|not|mod|xor|div|true|false|none|null|nil|math|random|randint|rand|rnd|flr|floor|parseint|mod|sign|pset|pix|pget|rectfill|circfill|circle|cls|pass|exit|stop|yield|colour|grey|gray|red|width|height|mouse_x|wheel|time|itime|key|for|set|if|tic|txtt|rekt|define|array|table|canvas|label|txt|abs|u|hff|_000|x180)$`)
)

// missing gives a number, name or text of a line that its mend has not.
func missing(was, is string) string {
	count := func(s string) map[string]int {
		m := make(map[string]int)
		for _, w := range kept.FindAllString(fraction.ReplaceAllString(s, "$1"), -1) {
			m[strings.Trim(strings.ToLower(strings.TrimPrefix(w, "0x")), `"#`)]++
		}
		return m
	}
	was = strings.ReplaceAll(was, `\n"`, `"`) // a line's end that is a new line anyway
	was = format.ReplaceAllString(was, "$1}")
	flat := strings.ToLower(is)
	after := count(is)
	for w, n := range count(was) {
		switch {
		case words.MatchString(w) || after[w] >= n:
		case !strings.Contains(flat, w):
			return w
		}
	}
	return ""
}

func TestNoWarningOnWhatRuns(t *testing.T) {
	for name, src := range corpus.Programs(t) {
		for _, d := range pxl.Assemble(name, src).Diagnostics {
			if !strings.Contains(name, "_err_") && name != "06_flow.pxl" && name != "30_procedures.pxl" && name != "35_return.pxl" {
				t.Error(d)
			}
		}
	}
}

func TestAWarningIsIgnored(t *testing.T) {
	const program = "SET x = 3\nPLOT x - 1 x\nHALT\nPLOT 1 1\n"
	for _, c := range []struct{ before, want string }{
		{"", "split_operand unreachable_code"},
		{"; ignore split_operand\n", "unreachable_code"},
		{"  # ignore split_operand\n", "unreachable_code"},
		{"; ignore unused_variable, split_operand\n", "unreachable_code"},
		{"; ignore\n", "split_operand unreachable_code"},
		{"; ignore split\n", "split_operand unreachable_code"},
		{"; ignore unreachable_code\n", "split_operand unreachable_code"},
		{"NOP ; ignore split_operand\n", "split_operand unreachable_code"},
		{"; ignore split_operand\n\n", "split_operand unreachable_code"},
	} {
		a := pxl.Assemble("", strings.Replace(program, "PLOT x", c.before+"PLOT x", 1))
		var got []string
		for _, d := range a.Diagnostics {
			got = append(got, d.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("with %q: %v, want %s", c.before, got, c.want)
		}
	}
	if a := pxl.Assemble("", "; ignore unknown_name\nCLS nope\n"); a.OK() || len(a.Diagnostics) != 1 {
		t.Errorf("an error was ignored: %v", a.Diagnostics)
	}
}
