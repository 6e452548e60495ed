package machine

import (
	"math"

	"gvpie/runtime/isa"
)

// Texture says which of the two textures a View shows.
type Texture uint8

const (
	MachineTexture Texture = iota // a page, one texel a code: R, G, B as they are
	HumanTexture                  // what a person sees
)

// View says how a texture is shown in a panel of Width × Height pixels. Panel
// pixel (i, j) shows the texture's square [X + i/Scale, X + (i+1)/Scale) ×
// [Y + j/Scale, …), averaged by the area each texel has in it: texels keep sharp
// edges at any zoom and thin strokes survive below 1:1. Outside the texture the
// panel shows Back.
type View struct {
	Texture       Texture
	Page          Page    // the page a MachineTexture view shows
	Meaning       bool    // the display page of a cell canvas shows the ink of a glyph that has one, else the paper; the writer page a colour an instruction; others are as they are
	Width, Height int     // panel pixels, 1…8192
	X, Y          float32 // texture coordinate at the panel's top-left corner
	Scale         float32 // panel pixels a texel, 1/64…64
	Grid          bool    // a line between texels (cells on the human texture of a cell canvas), where a texel or cell is at least 8 panel pixels
	Back          uint32  // 0xRRGGBB
	Mark          Rect    // outlined, in texels of the texture shown; empty for none
	LitFrom       uint32  // texels whose writer is in [LitFrom, LitTo) are lit,
	LitTo         uint32  // the others dimmed; equal for no lighting. Display, writer and human views only
}

// Rect is a rectangle of texels.
type Rect struct{ X, Y, W, H int }

// Empty says whether the rectangle holds no texel.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Where a view's panel pixels lie on its texture: the rules that Present and
// present.wgsl share.

const (
	// A panel pixel that holds more texels than this on an axis takes this many
	// samples of them, spread evenly.
	maxSamples = 8
	// A texel with less than this part of a panel pixel is left out, so that
	// rounding in X + i/Scale does not blur whole scales.
	minPart  = 1.0 / 512
	gridUnit = 8 // panel pixels a texel or cell from which on the grid is drawn

	// MaxTaps is the most taps a panel pixel has on an axis.
	MaxTaps = maxSamples + 2
)

// Tap is one texel that a panel pixel shows on one axis, and its weight there.
type Tap struct {
	Texel  int // -1 outside the texture
	Weight int
}

// AppendTaps adds the taps of a panel pixel that covers [lo, hi) of an axis of
// size texels, in ascending order. Their weights come to whole.
func AppendTaps(taps []Tap, lo, hi float64, size, whole int) []Tap {
	var buffer [MaxTaps]part
	parts := samples(buffer[:0], lo, hi, size)
	total := 0.0
	for _, p := range parts {
		total += p.weight
	}
	left, sum := whole, 0.0
	for i, p := range parts {
		sum += p.weight
		weight := left
		if i < len(parts)-1 {
			weight -= min(left, int(math.Round(float64(whole)*max(0, 1-sum/total))))
		}
		left -= weight
		taps = append(taps, Tap{p.texel, weight})
	}
	return taps
}

// part is how much of a panel pixel a texel has.
type part struct {
	texel  int // -1 outside the texture
	weight float64
}

// samples are the texels in [lo, hi): all of them, or maxSamples spread evenly.
func samples(parts []part, lo, hi float64, size int) []part {
	add := func(texel, weight float64) {
		k := -1
		if texel >= 0 && texel < float64(size) {
			k = int(texel)
		}
		if n := len(parts); n > 0 && parts[n-1].texel == k {
			parts[n-1].weight += weight
		} else if weight >= minPart {
			parts = append(parts, part{k, weight})
		}
	}
	span := hi - lo
	if span <= 0 { // so far out that the panel pixel has no width
		add(-1, 1)
		return parts
	}
	first, last := math.Floor(lo), math.Ceil(hi)-1
	if last-first >= maxSamples {
		for s := range maxSamples {
			add(math.Floor(lo+(float64(s)+0.5)*span/maxSamples), 1.0/maxSamples)
		}
		return parts
	}
	for k := first; k <= last; k++ {
		add(k, (min(hi, k+1)-max(lo, k))/span)
	}
	return parts
}

// PanelX is the panel column that holds the left edge of a texel column; those
// left or right of the panel are clamped to -2 and Width+1.
func (v View) PanelX(texel int) int { return panelPixel(texel, v.X, v.Scale, v.Width) }

// PanelY is PanelX for rows.
func (v View) PanelY(texel int) int { return panelPixel(texel, v.Y, v.Scale, v.Height) }

func panelPixel(texel int, start, scale float32, size int) int {
	at := math.Floor((float64(texel)-float64(start))*float64(scale) + minPart)
	return int(max(-2, min(float64(size)+1, at)))
}

// GridPitch is how many texels of the texture lie between two grid lines, on a
// machine with header h; 0, 0 when the view shows no grid.
func (v View) GridPitch(h isa.Header) (x, y int) {
	x, y = 1, 1
	if v.Texture == HumanTexture && !h.Pixel {
		x, y = isa.CellWidth, isa.CellHeight
	}
	if !v.Grid || float32(x)*v.Scale < gridUnit {
		return 0, 0
	}
	return x, y
}

// MarkFrame is the frame drawn around the marked texels, as its corners in panel
// pixels, both included; a second one is drawn one pixel further out.
func (v View) MarkFrame() (x0, y0, x1, y1 int) {
	r := v.Mark
	return v.PanelX(r.X) - 1, v.PanelY(r.Y) - 1, v.PanelX(r.X + r.W), v.PanelY(r.Y + r.H)
}
