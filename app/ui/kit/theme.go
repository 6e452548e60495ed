package kit

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/font"
	"gioui.org/font/opentype"
	"gioui.org/text"
	"gioui.org/unit"

	"gvpie/assets"
	"gvpie/assets/theme"
)

// Palette is every colour the window uses. Colour is spent only where it means
// something: one accent, and the two textures' own hues.
type Palette struct {
	Dark bool // whether light text stands on a dark ground

	Window   color.NRGBA // the ground: editor, canvas surround
	Panel    color.NRGBA // bars and side panels
	Raised   color.NRGBA // buttons, menus, dialogs
	Selected color.NRGBA // the current row, a hovered button
	Line     color.NRGBA // hairlines between panels
	Text     color.NRGBA
	Dim      color.NRGBA // secondary text
	Faint    color.NRGBA // captions, disabled text
	Accent   color.NRGBA
	OnAccent color.NRGBA // text on the accent
	Warning  color.NRGBA
	Error    color.NRGBA
	Machine  color.NRGBA // the machine texture's caption
	Human    color.NRGBA // the human texture's caption

	Mnemonic, Number, String, Function, Directive, Comment color.NRGBA // code

	Scrim  color.NRGBA // over the window while a dialog is open
	Shadow color.NRGBA // under menus and dialogs
}

// NewPalette takes a theme's colours over.
func NewPalette(t *theme.Theme) Palette {
	c := func(v theme.Color) color.NRGBA { return rgb(uint32(v)) }
	p := Palette{
		Dark:   t.Dark,
		Window: c(t.Window), Panel: c(t.Panel), Raised: c(t.Raised), Selected: c(t.Selected),
		Line: c(t.Line), Text: c(t.Text), Dim: c(t.Dim), Faint: c(t.Faint),
		Accent: c(t.Accent), OnAccent: c(t.OnAccent), Warning: c(t.Warning), Error: c(t.Error),
		Machine: c(t.Machine), Human: c(t.Human),
		Mnemonic: c(t.Code.Mnemonic), Number: c(t.Code.Number), String: c(t.Code.Text),
		Function: c(t.Code.Function), Directive: c(t.Code.Directive), Comment: c(t.Code.Comment),
		Scrim: color.NRGBA{A: 0x99}, Shadow: color.NRGBA{A: 0x60},
	}
	if !t.Dark {
		p.Scrim, p.Shadow = color.NRGBA{A: 0x55}, color.NRGBA{A: 0x24}
	}
	return p
}

// Sizes shared by the panels, on the 4-dp grid.
const (
	TextSize   unit.Sp = theme.TextSize
	SmallSize  unit.Sp = 11
	Corner     unit.Dp = theme.Corner
	HeadHeight unit.Dp = 32 // a panel's caption bar
	RowHeight  unit.Dp = 28 // a list row
)

// Theme is what widgets need to draw themselves.
type Theme struct {
	Palette
	Shaper *text.Shaper
	UI     font.Font   // the interface
	Code   font.Font   // code and values
	Tip    *Tip        // the window's one tooltip
	Bounds image.Point // the window's size in pixels, of this frame
	fonts  fonts
}

// NewTheme makes a theme that draws with the embedded fonts.
func NewTheme(t *theme.Theme) (*Theme, error) {
	var faces []font.FontFace
	for _, f := range assets.Fonts() {
		parsed, err := opentype.ParseCollection(f.Data)
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", f.Name, err)
		}
		faces = append(faces, parsed...)
	}
	return &Theme{
		Palette: NewPalette(t),
		Shaper:  text.NewShaper(text.NoSystemFonts(), text.WithCollection(faces)),
		UI:      font.Font{Typeface: "Inter"},
		Code:    font.Font{Typeface: "JetBrains Mono"},
		Tip:     new(Tip),
		fonts:   newFonts(faces),
	}, nil
}

// rgb is the opaque colour 0xRRGGBB.
func rgb(c uint32) color.NRGBA {
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 0xFF}
}

// Alpha gives the colour at a part a/255 of its strength.
func Alpha(c color.NRGBA, a uint8) color.NRGBA {
	c.A = uint8(uint32(c.A) * uint32(a) / 255)
	return c
}

// Mix gives the colour a part t/255 of the way from a to b.
func Mix(a, b color.NRGBA, t int) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8((int(x)*(255-t) + int(y)*t) / 255) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: part(a.A, b.A)}
}
