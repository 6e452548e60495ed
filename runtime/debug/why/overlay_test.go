package why

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

// TestOverlaysAreWhatEachTexelTells: what overlays say of random texels of random programs
// is what asking of that texel alone says.
func TestOverlaysAreWhatEachTexelTells(t *testing.T) {
	ctx := t.Context()
	kinds := map[string]int{}
	for seed := range int64(120) {
		g := generate.New(seed, true)
		a := g.Assemble()
		past, err := NewRerun(a.Program, isa.DefaultSeed, func(frame int) (machine.Input, uint32) { return g.Input(frame), generate.Budget / 10 })
		if err != nil {
			t.Fatal(err)
		}
		k := New(a, past)
		number := int(seed % 3)
		overdraw, err := k.Overdraw(ctx, number)
		var ended *EndedError
		if errors.As(err, &ended) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		heat, err := k.Heat(ctx, number)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := k.Changed(ctx, number)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.open(ctx, past, number); err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(uint64(seed), 11))
		line := 1 // that of a command, if there is one
		if err := k.end(ctx); err != nil {
			t.Fatal(err)
		}
		if commands := k.t.Commands(); len(commands) > 0 {
			if p := k.place(commands[rnd.IntN(len(commands))].PC()); p.File == "" {
				line = p.Line
			}
		}
		spans := a.Map.Line("", line)
		in := func(pc int) bool {
			return slices.ContainsFunc(spans, func(s pxl.Span) bool { return pc >= s.From && pc < s.To })
		}
		drew, err := k.Drew(ctx, "", line, number, number)
		if err != nil {
			t.Fatal(err)
		}
		var word int
		text := "px * 3 + py"
		if i := slices.IndexFunc(a.Symbols, func(s pxl.Symbol) bool { return s.Kind == pxl.VarSymbol && !strings.Contains(s.Name, ".") }); i >= 0 {
			text, word = a.Symbols[i].Name+" - px", a.Symbols[i].Addr
		}
		each, err := k.Each(ctx, text, "", 0, number)
		if err != nil && !errors.Is(err, ErrNoBlock) {
			t.Fatalf("program %d: %s: %v", seed, text, err)
		}
		before, _ := past.Before(ctx, number)
		was := slices.Clone(before.Display)
		after, _, _ := past.After(ctx, number)
		is := slices.Clone(after.Display)
		w, h := a.Header.W, a.Header.H
		for range 30 {
			x, y := rnd.IntN(w), rnd.IntN(h)
			at := y*w + x
			touches, err := k.touches(ctx, number, x, y, 0)
			if err != nil {
				t.Fatal(err)
			}
			wants := map[string]int{"overdraw": len(touches)}
			for _, u := range touches {
				if in(u.PC) || in(u.cmd.PC()) {
					wants["drew"]++
				}
			}
			cycles, values, ran := 0, 0, false
			if err := k.end(ctx); err != nil {
				t.Fatal(err)
			}
			for _, c := range slices.Clone(k.t.Commands()) {
				if c.Op() != isa.EACH || !k.t.Reaches(&c, x, y) {
					continue
				}
				if _, err := k.t.GoTo(ctx, c[isa.CmdCycle]); err != nil {
					t.Fatal(err)
				}
				b := k.newBlock(&c, x, y)
				cycles += len(b.trace.Steps)
				ran = true
				v := int32(k.t.Page(machine.DataPage)[word])
				if i := slices.Index(b.captures, uint32(word)); i >= 0 {
					v = int32(b.lane(isa.LaneFlag|uint32(i+2), uint32(len(b.trace.Steps))))
				}
				if values = int(v - int32(x)); word == 0 {
					values = 3*x + y
				}
			}
			wants["heat"] = cycles
			if is[at] != was[at] {
				wants["changed"] = 1
			}
			for name, l := range map[string]*Overlay{"overdraw": overdraw, "heat": heat, "drew": drew, "changed": changed} {
				if int(l.Values[at]) != wants[name] || l.Has[at] != (wants[name] > 0) && name != "heat" {
					t.Fatalf("program %d:\n%s\n%s of texel %d, %d in frame %d is %d, want %d (line %d)", seed, g.Source, name, x, y, number, l.Values[at], wants[name], line)
				}
				if wants[name] > 0 {
					kinds[name]++
				}
				if l.Has[at] && (l.Values[at] < l.Low || l.Values[at] > l.High) {
					t.Fatalf("%s: %d is not from %d to %d", name, l.Values[at], l.Low, l.High)
				}
			}
			if ran {
				kinds["each"]++
				if !each.Has[at] || int(each.Values[at]) != values {
					t.Fatalf("program %d:\n%s\n%s of texel %d, %d in frame %d is %d, %v; want %d", seed, g.Source, text, x, y, number, each.Values[at], each.Has[at], values)
				}
			}
		}
	}
	for _, name := range []string{"overdraw", "heat", "drew", "changed", "each"} {
		if kinds[name] < 100 {
			t.Errorf("%s was something of %d texels alone", name, kinds[name])
		}
	}
}

const shaded = `.canvas 8 4 pixel
loop:
CLS navy
RECT 1 1 3 2 red
EACH 0 0 8 2
  v = px * 10 / (py + 1)
  PUT rgb(v, 0, 0)
END
FRAME
JMP loop
`

func TestOverlaysOfAProgram(t *testing.T) {
	past := func(a *pxl.Assembly) *Rerun {
		r, err := NewRerun(a.Program, 1, func(int) (in machine.Input, _ uint32) { return in, 0 })
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a := pxltest.Assemble(t, shaded)
	k := New(a, past(a))
	ctx := context.Background()
	predicate, err := k.Each(ctx, "v > 30", "", 6, 1)
	if err != nil || predicate.Low != 0 || predicate.High != 1 || predicate.Texels != 16 || predicate.Values[7] != 1 || predicate.Values[3] != 0 {
		t.Errorf("v > 30 is %+v, %v", predicate, err)
	}
	if l, err := k.Each(ctx, "100 / (px - 2)", "", 0, 1); err != nil || l.Texels != 14 || !strings.HasPrefix(l.Remark, "texel 2, 0: 100 is divided by zero") {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := k.Each(ctx, "v", "", 4, 1); !errors.Is(err, ErrNoBlock) {
		t.Errorf("a line outside of all blocks: %v", err)
	}
	if _, err := k.Each(ctx, "v +", "", 0, 1); err == nil {
		t.Error("half an expression is taken")
	}
	told := 0
	k.Progress = func(done, all int) {
		if told++; done != told || all != 3 {
			t.Errorf("%d of %d frames", done, all)
		}
	}
	if l, err := k.Drew(ctx, "", 4, 1, 3); err != nil || l.Texels != 6 || l.High != 3 || told != 3 {
		t.Errorf("the rectangle drew %+v in three frames, %v", l, err)
	}
	k.Progress = nil
	if l, err := k.Drew(ctx, "", 5, 1, 1); err != nil || l.Texels != 16 {
		t.Errorf("the EACH drew %d texels, %v", l.Texels, err)
	}
	if l, err := k.Drew(ctx, "", 9, 1, 1); err != nil || l.Texels != 0 {
		t.Errorf("FRAME drew %d texels, %v", l.Texels, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := New(a, past(a)).Overdraw(ctx, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
