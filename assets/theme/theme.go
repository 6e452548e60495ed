// Package theme is the look of the window as data: colours by what they mean,
// and the few sizes everything is built from. It knows no toolkit.
//
// One accent, and colour only where it means something: a panel's colours are
// the neutral ones, from Window to Text.
package theme

// Color is 0xRRGGBB, opaque.
type Color uint32

// RGB gives the channels.
func (c Color) RGB() (r, g, b uint8) { return uint8(c >> 16), uint8(c >> 8), uint8(c) }

// Theme is one set of colours.
type Theme struct {
	Name string // "dark"
	Dark bool

	Window   Color // behind everything; the editor's ground
	Panel    Color // side bar, panel heads, status line
	Raised   Color // buttons, pop-ups, the hovered row
	Selected Color // the chosen row, selected text
	Line     Color // hairlines between panels, borders
	Text     Color // what is read
	Dim      Color // labels, what is secondary
	Faint    Color // line numbers, hints, what is disabled

	Accent   Color // the one thing to press; what is well
	OnAccent Color // text on Accent
	Warning  Color
	Error    Color
	Machine  Color // the machine texture's name
	Human    Color // the human texture's name

	Code Code
}

// Code is the colours of source text; names and operators are in Text and Dim.
type Code struct {
	Mnemonic  Color
	Number    Color
	Text      Color // the text of TXT and LOG
	Function  Color
	Directive Color
	Comment   Color // set in italics
}

// Sizes, in device-independent pixels.
const (
	TextSize = 13 // of the interface and of code
	Grid     = 4  // every distance is a multiple
	Corner   = 6  // radius
)

// Dark is the default.
var Dark = Theme{
	Name: "dark", Dark: true,
	Window: 0x0d1015, Panel: 0x12161d, Raised: 0x181e28, Selected: 0x202836, Line: 0x262f3d,
	Text: 0xd8dfea, Dim: 0x8b97a9, Faint: 0x566274,
	Accent: 0x3fc6a0, OnAccent: 0x0d1015, Warning: 0xe8b45a, Error: 0xf0616d,
	Machine: 0xf07178, Human: 0x3fc6a0,
	Code: Code{
		Mnemonic: 0x7aa7f8, Number: 0xe8b45a, Text: 0x9ed07a,
		Function: 0x5cc8e0, Directive: 0xf07fb0, Comment: 0x566274,
	},
}

// Light has the same hues, dark enough to be read on paper.
var Light = Theme{
	Name:   "light",
	Window: 0xfcfcfd, Panel: 0xf2f4f7, Raised: 0xe8ebf0, Selected: 0xd9e1ec, Line: 0xd0d6e0,
	Text: 0x1b222d, Dim: 0x525e70, Faint: 0x7f8a9a,
	Accent: 0x0a7558, OnAccent: 0xffffff, Warning: 0x895600, Error: 0xc02339,
	Machine: 0xb83246, Human: 0x0a7558,
	Code: Code{
		Mnemonic: 0x2355c4, Number: 0x895600, Text: 0x38701a,
		Function: 0x0a6980, Directive: 0xa82872, Comment: 0x7f8a9a,
	},
}

// All lists the themes, the default first.
func All() []*Theme { return []*Theme{&Dark, &Light} }
