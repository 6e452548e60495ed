package expr

import (
	"errors"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

const program = `
.const K 7
.array a 4
.array g 3 2
.table t 10 20 30
.sprite s 2 1
12
.text words "one" "two"
SET x = 5
SET y = -3
DEF f(p)
  LOCAL q
  q = p
  SET y = q
  RETURN q
END
`

// env is where x is 5, y -3, a's and g's words count from 100 and 200, and f is called
// with 40.
func env(a *pxl.Assembly) Env {
	e := Env{Data: make([]uint32, a.Header.DataWords), State: make([]uint32, isa.StateWords), Program: a.Program}
	e.Data[isa.SysFrame], e.Data[isa.SysMouseX] = 12, 3
	e.State[isa.StMouseB], e.State[isa.StButtonsBefore], e.State[isa.StWheel] = 3, 1, 9
	e.State[isa.StKeys+2], e.State[isa.StRandom] = 2, 1
	for _, sym := range a.Symbols {
		for i := range sym.Len {
			switch sym.Name {
			case "x":
				e.Data[sym.Addr] = 5
			case "y":
				e.Data[sym.Addr] = 1<<32 - 3
			case "a":
				e.Data[sym.Addr+i] = uint32(100 + i)
			case "g":
				e.Data[sym.Addr+i] = uint32(200 + i)
			}
		}
	}
	e.Locals = a.Procedures[0].Act
	e.Data[e.Locals], e.Data[e.Locals+1] = 40, 41
	e.Peek = func(x, y int32) (int32, error) { return 1000*x + y, nil }
	e.Call = func(p *pxl.Procedure, args []int32) (int32, error) {
		if args[0] < 0 {
			return 0, errors.New("f fails")
		}
		return args[0] * 2, nil
	}
	return e
}

func TestExpressionsMeanWhatTheyMeanInAProgram(t *testing.T) {
	a := pxltest.Assemble(t, program)
	_, random := isa.Random(1, 100)
	for text, want := range map[string]int32{
		"x": 5, "y": -3, "K": 7, "x + 2*y": -1, "-x": -5, "~x": ^5, "!x": 0, "x == 5 && y < 0": 1, "x && 2": 1, "y > 0 || x": 1, "0 && 1 / 0": 0, "1 || a[9]": 1,
		"a[3]": 103, "a[x - 4]": 101, "g[2, 1]": 205, "g[4]": 204, "t[1]": 20, "len(a)": 4, "len(words)": 2, "width(s)": 2, "height(s)": 1, "frames(s)": 1,
		"max(x, y)": 5, "clamp(50, 0, 9)": 9, "mul(x, 256, 8)": 5, "abs(y)": 3, "sin(256)": 1024, "hash(0)": 129708002, "red": 0xFF0000, "0xFF": 255, "'A'": 65,
		"frame": 12, "mx": 3, "mb": 0, "mbp": 2, "mw": 9, "key(65)": 1, "key(66)": 0, "key(-1)": 0, "keyp(65)": 1, "peek(4, 2)": 4002,
		"rnd(100)": random, "rnd(100) == rnd(100)": 0, "f(4) + 1": 9, "(x)": 5,
	} {
		e, err := Parse(a, nil, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := e.Eval(env(a)); err != nil || got != want {
			t.Errorf("%s is %d, %v; want %d", text, got, err, want)
		}
	}
	e, err := Parse(a, &a.Procedures[0], "p * 100 + q")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Eval(env(a)); err != nil || got != 4041 {
		t.Errorf("in f it is %d, %v", got, err)
	}
}

func TestWhatIsWrongWithAnExpression(t *testing.T) {
	a := pxltest.Assemble(t, program)
	for text, want := range map[string]string{
		"": "missing", " ": "missing", "x\ny": "one line", "x +": "value", "x = 5": "", "none": "no name `none`", "p": "no name `p`", "a": "a[i]", "words": "no value",
		"px": "inside EACH", "x[1]": "no array", "t[1, 1]": "no rows", "f": "no value", "f()": "takes 1 value", "len(x)": "has no len", "width(a)": "has no width",
	} {
		if _, err := Parse(a, nil, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{"x / 0": "5 is divided by zero", "a[4]": "index 4 is outside a", "g[0, 2]": "index 2 is outside g", "f(-1)": "f fails"} {
		e, err := Parse(a, nil, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, err := e.Eval(env(a)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestTexts(t *testing.T) {
	a := pxltest.Assemble(t, program)
	for text, want := range map[string]string{
		"plain": "plain", "x is {x}, y {y:4}": "x is 5, y   -3", `\{{K:03}\}`: "{007}", "{x + 1}{'A':c}": "6A",
	} {
		p, err := ParseText(a, nil, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := p.Eval(env(a)); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", text, got, err, want)
		}
	}
	if _, err := ParseText(a, nil, "{none}"); err == nil {
		t.Error("a name that is not there is taken")
	}
}
