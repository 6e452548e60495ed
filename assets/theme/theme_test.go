package theme

import (
	"math"
	"testing"
)

// contrast is the ratio of WCAG 2.1, 1 to 21.
func contrast(a, b Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c Color) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b := c.RGB()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestTextCanBeRead(t *testing.T) {
	for _, th := range All() {
		for _, c := range []struct {
			name    string
			ink     Color
			on      []Color
			atLeast float64
		}{
			{"text", th.Text, []Color{th.Window, th.Panel, th.Raised, th.Selected}, 7},
			{"dim", th.Dim, []Color{th.Window, th.Panel, th.Raised}, 4.5},
			{"faint", th.Faint, []Color{th.Window, th.Panel}, 2.8},
			{"on accent", th.OnAccent, []Color{th.Accent}, 4.5},
			{"accent", th.Accent, []Color{th.Window, th.Panel, th.Raised}, 4.5},
			{"warning", th.Warning, []Color{th.Window, th.Panel, th.Raised}, 4.5},
			{"error", th.Error, []Color{th.Window, th.Panel, th.Raised}, 4.5},
			{"machine", th.Machine, []Color{th.Window, th.Panel}, 4.5},
			{"mnemonic", th.Code.Mnemonic, []Color{th.Window, th.Selected}, 4.5},
			{"number", th.Code.Number, []Color{th.Window, th.Selected}, 4.5},
			{"code text", th.Code.Text, []Color{th.Window, th.Selected}, 4.5},
			{"function", th.Code.Function, []Color{th.Window, th.Selected}, 4.5},
			{"directive", th.Code.Directive, []Color{th.Window, th.Selected}, 4.5},
		} {
			for _, on := range c.on {
				if got := contrast(c.ink, on); got < c.atLeast {
					t.Errorf("%s: %s #%06x on #%06x has contrast %.2f, not %.1f", th.Name, c.name, uint32(c.ink), uint32(on), got, c.atLeast)
				}
			}
		}
	}
}

// Depth is told by brightness: each ground differs from its neighbour, in one
// direction.
func TestGroundsAreOrdered(t *testing.T) {
	for _, th := range All() {
		grounds := []Color{th.Window, th.Panel, th.Raised, th.Selected}
		for i := 1; i < len(grounds); i++ {
			if up := luminance(grounds[i]) > luminance(grounds[i-1]); up != th.Dark {
				t.Errorf("%s: ground %d steps the wrong way", th.Name, i)
			}
		}
	}
}
