package shaders

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// What a stage is bound to is said once, here, by name. The WGSL of a stage begins
// with the declarations made of it, and canvas/gpu makes layouts and bind groups
// of it.

// Kind is what a resource is to the stages that are bound to it.
type Kind uint8

const (
	Input     Kind = iota // a buffer of words that is read
	Storage               // a buffer of words that is read and written
	Atomics               // one whose words are changed atomically
	Uniform               // a buffer of one struct
	Uniforms              // a buffer of structs, one of which is chosen as a group is bound
	Floats                // a texture of colours that is read
	ColorsOut             // a texture of colours that is written
)

// Binding is one resource; its number is its place in its Group.
type Binding struct {
	Name   string
	Kind   Kind
	Struct any // of a Uniform: one of the structs below
}

// Group is what stages are bound to.
type Group []Binding

// Machine is what raster is bound to.
var Machine = Group{
	{Name: "program", Kind: Input},
	{Name: "commands", Kind: Input}, // of the frame, and behind them its payload
	{Name: "tables", Kind: Input},
	{Name: "job", Kind: Uniforms, Struct: Job{}},
	{Name: "began", Kind: Input},      // the display as the frame began
	{Name: "drawn", Kind: Storage},    // the one the frame makes
	{Name: "writer", Kind: Storage},   // for each texel, the address of the instruction that wrote it
	{Name: "handover", Kind: Storage}, // for each texel, what a raster dispatch hands to the next one
	{Name: "bins", Kind: Input},       // machine.Bins.Words
}

// Blocks is what the shader of an EACH is bound to.
var Blocks = Group{
	{Name: "program", Kind: Input},
	{Name: "memory", Kind: Input}, // the state page, the data page as it was when each EACH was reached, the frame's payload
	{Name: "tables", Kind: Input},
	{Name: "job", Kind: Uniforms, Struct: EachJob{}},
	{Name: "began", Kind: Input},
	{Name: "drawn", Kind: Storage},
	{Name: "writer", Kind: Storage},
	{Name: "handover", Kind: Storage},
	{Name: "faults", Kind: Atomics}, // for each EACH, the first texel that may have failed, row by row
}

// Expanded is what expand is bound to.
var Expanded = Group{
	{Name: "display", Kind: Input},
	{Name: "tables", Kind: Input},
	{Name: "band", Kind: Uniform, Struct: Band{}},
	{Name: "human", Kind: ColorsOut},
}

// Presented is what present is bound to.
var Presented = Group{
	{Name: "display", Kind: Input},
	{Name: "tables", Kind: Input},
	{Name: "view", Kind: Uniform, Struct: View{}},
	{Name: "writer", Kind: Input},
	{Name: "page", Kind: Input},
	{Name: "axes", Kind: Input}, // see present.wgsl
	{Name: "human", Kind: Floats},
}

// Job says what a dispatch works on: rows of tiles from Top on. The payload begins at
// word Payload of the commands. The batch of
// commands that is in bins from word Bins on, which counts commands from First on, may
// be the frame's Newest, its Oldest, or both.
type Job struct {
	Width, Height, Pixel uint32
	Top, Newest, Oldest  uint32
	First, Bins, Payload uint32
}

// EachJob says what a dispatch of an EACH works on: texels from (Left, Top) to
// before (Right, Bottom), what it captured from word Payload of memory on and, the first of
// it, in Captures too, the data page from word Data of memory on, and which of the
// faults is its own.
type EachJob struct {
	Left, Top, Right, Bottom uint32
	Payload, Data, Fault     uint32
	Captures                 [13][4]int32
}

// Band says which rows of the human texture are expanded.
type Band struct {
	Texels uint32 // the canvas's width
	Rows   uint32
	Top    uint32
	Pixel  uint32
}

// View says what present shows. Width is the canvas's, or that of a page of Words
// words; texels whose writer is in [LitFrom, LitTo)
// are lit, the others dimmed; Grid bounds, in panel pixels, where grid lines may
// be; Mark is the inner frame of the marked texels. Both are x0, y0, x1, y1,
// inclusive.
type View struct {
	Width, Words, Back                 uint32
	LitFrom, LitTo, PanelWidth, Marked uint32
	Grid, Mark                         [4]int32
}

// UniformWords are a struct's words, as a uniform holds them. WGSL: a vec4 begins
// at a multiple of 16 bytes.
func UniformWords(of any) []uint32 {
	var words []uint32
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		switch f := v.Field(i).Interface().(type) {
		case uint32:
			words = append(words, f)
		case [4]int32:
			words = appendVectors(words, f)
		case [13][4]int32:
			words = appendVectors(words, f[:]...)
		}
	}
	return words
}

func appendVectors(words []uint32, vectors ...[4]int32) []uint32 {
	for len(words)%4 != 0 {
		words = append(words, 0)
	}
	for _, v := range vectors {
		for _, c := range v {
			words = append(words, uint32(c))
		}
	}
	return words
}

// Bytes is the size of a Uniform's struct: WebGPU rounds it up to 16.
func (b Binding) Bytes() uint64 { return uint64(4*len(UniformWords(b.Struct))+15) / 16 * 16 }

// wgsl declares the group's resources.
func (g Group) wgsl() string {
	var b strings.Builder
	for i, r := range g {
		kind := ""
		switch r.Kind {
		case Input:
			kind = "var<storage, read> %s: array<u32>"
		case Storage:
			kind = "var<storage, read_write> %s: array<u32>"
		case Atomics:
			kind = "var<storage, read_write> %s: array<atomic<u32>>"
		case Uniform, Uniforms:
			t := reflect.TypeOf(r.Struct)
			b.WriteString(structWGSL(t))
			kind = "var<uniform> %s: " + t.Name()
		case Floats:
			kind = "var %s: texture_2d<f32>"
		case ColorsOut:
			kind = "var %s: texture_storage_2d<rgba8unorm, write>"
		}
		fmt.Fprintf(&b, "@group(0) @binding(%d) "+kind+";\n", i, r.Name)
	}
	return b.String()
}

// structWGSL declares a struct; its fields are spelt as WGSL spells names.
func structWGSL(t reflect.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nstruct %s {\n", t.Name())
	for i := range t.NumField() {
		f := t.Field(i)
		kind := "u32"
		if f.Type.Kind() == reflect.Array {
			kind = "vec4<i32>"
			if f.Type.Elem().Kind() == reflect.Array {
				kind = fmt.Sprintf("array<vec4<i32>, %d>", f.Type.Len())
			}
		}
		name := ""
		for k, r := range f.Name {
			if unicode.IsUpper(r) && k > 0 {
				name += "_"
			}
			name += string(unicode.ToLower(r))
		}
		fmt.Fprintf(&b, "    %s: %s,\n", name, kind)
	}
	b.WriteString("}\n\n")
	return b.String()
}
