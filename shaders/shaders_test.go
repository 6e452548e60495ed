package shaders

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/isa"
)

// TestEveryOpcodeHasItsCase: a switch that has forgotten an opcode may do nothing
// where nobody looks, so each stage names all that can come to it.
func TestEveryOpcodeHasItsCase(t *testing.T) {
	caseOf := regexp.MustCompile(`case ([A-Z0-9_, ]+): \{`)
	cases := func(wgsl string) (ops []string) {
		for _, m := range caseOf.FindAllStringSubmatch(wgsl, -1) {
			ops = append(ops, strings.Split(m[1], ", ")...)
		}
		return ops
	}
	inRaster, inCore := cases(raster), cases(core)
	for i := range isa.Specs {
		s := &isa.Specs[i]
		switch spec := packSpec(s); {
		case !s.InCore || s.Op == isa.EACH || s.Op == isa.LOG: // which core leaves
		case spec&specDraws != 0:
			if !slices.Contains(cases(brush), "OP_"+s.Mnemonic) {
				t.Errorf("brush.wgsl has no case for %s", s.Mnemonic)
			}
		case !slices.Contains(inCore, "OP_"+s.Mnemonic):
			t.Errorf("core.wgsl has no case for %s", s.Mnemonic)
		}
		if !commands(s) {
			continue
		}
		name := "OP_" + s.Mnemonic
		if !slices.Contains(inRaster, name) {
			t.Errorf("raster.wgsl has no case for %s", name)
		}
	}
}

// TestNoNumberStandsTwice: what is generated is not written by hand as well.
func TestNoNumberStandsTwice(t *testing.T) {
	for name, wgsl := range map[string]string{"raster": raster, "core": core, "machines": machines, "brush": brush, "human": human, "expand": expand, "present": present} {
		if strings.Contains(wgsl, "@binding") {
			t.Errorf("%s.wgsl declares a binding: bindings.go does", name)
		}
		for _, m := range regexp.MustCompile(`(?m)^const (\w+)`).FindAllStringSubmatch(wgsl, -1) {
			if regexp.MustCompile(`^(OP|CMD|TABLE|ST|RUN|CTL|FAULT)_`).MatchString(m[1]) {
				t.Errorf("%s.wgsl defines %s: consts.go does", name, m[1])
			}
		}
	}
}

func TestBindingsAsWGSL(t *testing.T) {
	got := Group{{Name: "program", Kind: Input}, {Name: "view", Kind: Uniform, Struct: View{}}, {Name: "drawn", Kind: Storage}}.wgsl()
	want := `@group(0) @binding(0) var<storage, read> program: array<u32>;

struct View {
    width: u32,
    words: u32,
    back: u32,
    lit_from: u32,
    lit_to: u32,
    panel_width: u32,
    marked: u32,
    grid: vec4<i32>,
    mark: vec4<i32>,
}

@group(0) @binding(1) var<uniform> view: View;
@group(0) @binding(2) var<storage, read_write> drawn: array<u32>;
`
	if got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	words := UniformWords(View{Width: 1, Marked: 8, Grid: [4]int32{-1, 2, 3, 4}})
	if !slices.Equal(words, []uint32{1, 0, 0, 0, 0, 0, 8, 0, 0xFFFFFFFF, 2, 3, 4, 0, 0, 0, 0}) {
		t.Errorf("words %v", words)
	}
	if got := (Binding{Struct: Job{}}).Bytes(); got != 48 {
		t.Errorf("a job of %d bytes", got)
	}
}
