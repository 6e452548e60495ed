package machine

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
