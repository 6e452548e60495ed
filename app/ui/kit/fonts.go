package kit

import (
	"gioui.org/font"
	"gioui.org/text"
)

// fonts are the embedded ones, and the system's from when a text has a character
// that the embedded ones lack: to look through those takes up to seconds, and room,
// and most texts never need them. It happens beside the window, which shows boxes
// until then.
type fonts struct {
	faces  []font.FontFace
	known  map[rune]bool // characters that the embedded fonts have
	lacked bool          // the system's fonts have been asked for
	ready  chan *text.Shaper
	wake   func() // asks for a frame, from any goroutine; nil: the system's fonts are never asked for
}

func newFonts(faces []font.FontFace) fonts {
	return fonts{faces: faces, known: make(map[rune]bool), ready: make(chan *text.Shaper, 1)}
}

// WithSystemFonts lets the theme draw with the system's fonts too, from the frame
// after wake on.
func (th *Theme) WithSystemFonts(wake func()) { th.fonts.wake = wake }

// Cover brings in the system's fonts where the embedded ones lack a character.
func (th *Theme) Cover(r rune) {
	f := &th.fonts
	if r < 0x80 || f.lacked || f.wake == nil || f.cover(r) {
		return
	}
	f.lacked = true
	go func() {
		s := text.NewShaper(text.WithCollection(f.faces))
		s.LayoutString(text.Parameters{Font: th.UI, PxPerEm: 64, MaxWidth: 1 << 20}, "0") // looks for the fonts
		f.ready <- s
		f.wake()
	}()
}

// CoverAll is Cover for all of a text.
func (th *Theme) CoverAll(s string) {
	if th.fonts.lacked {
		return
	}
	for _, r := range s {
		th.Cover(r)
	}
}

func (f *fonts) cover(r rune) bool {
	if f.known[r] {
		return true
	}
	for _, face := range f.faces {
		if _, ok := face.Face.Face().NominalGlyph(r); ok {
			f.known[r] = true
			return true
		}
	}
	return false
}

// TakeFonts has the frame that begins draw with the fonts that are there now.
func (th *Theme) TakeFonts() {
	select {
	case th.Shaper = <-th.fonts.ready:
	default:
	}
}
