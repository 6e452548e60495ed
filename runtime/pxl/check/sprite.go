package check

import (
	"strconv"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// Sprite is a .sprite: frames of W × H texels, one after the other.
type Sprite struct {
	Name   string
	Pos    syntax.Pos
	W, H   int
	Frames int
	Texels []uint32 // as the program page holds them: R, G, B, 255, or 0 where it is transparent
	Rows   []string // as they are written, W characters each

	Palette []uint32 // 0xRRGGBB of the digits, as many as there are
}

// defaultPalette is that of sprites without a .palette above them.
func defaultPalette() []uint32 {
	out := make([]uint32, len(syntax.Colors))
	for i, c := range syntax.Colors {
		out[i] = c.RGB
	}
	return out
}

// palette gives the sprites below a .palette their colours.
func (c *checker) palette(s *syntax.Stmt, sized bool) {
	var colors []uint32
	for k := range int(s.ArgEnd - s.Arg) {
		v, _ := c.constant(s, k, sized)
		colors = append(colors, uint32(v)&0xFFFFFF)
	}
	if s.Failed || len(colors) == 0 {
		colors = defaultPalette()
	}
	if c.palettes == nil {
		c.palettes = make(map[*syntax.File][]uint32)
	}
	c.palettes[c.Files.Written(s.Pos)] = colors
}

// sprite declares a sprite with the texels that its rows spell.
func (c *checker) sprite(s *syntax.Stmt, sized bool) {
	rows := c.Parts[s.Part:s.PartEnd]
	name := c.Text(s.Name, s.NameEnd)
	sp := Sprite{Name: name, Pos: s.Name, W: 1, H: 1, Frames: 1}
	ok := !s.Failed
	if len(rows) == 0 && ok {
		c.Errorf(syntax.CodeSprite, s.Pos, s.End, "a sprite has at least one row below it: digits 0 to F for colours, and dots")
		ok = false
	}
	switch {
	case s.ArgEnd-s.Arg == 2:
		for k, to := range []*int{&sp.W, &sp.H} {
			v, known := c.constant(s, k, sized)
			if known && (v < 1 || v > isa.MaxCanvas) {
				n := c.Exprs[c.Args[int(s.Arg)+k]]
				c.Errorf(syntax.CodeSprite, n.Pos, n.End, "a sprite is 1 to %d texels %s, not %d", isa.MaxCanvas, [...]string{"wide", "high"}[k], v)
				known = false
			}
			if known {
				*to = int(v)
			}
			ok = ok && known
		}
		if ok && len(rows)%sp.H != 0 {
			from, end := rows[len(rows)-1].Pos, rows[len(rows)-1].End
			c.Errorf(syntax.CodeSprite, from, end, "%s is %s high and has %s: a frame has all its rows", syntax.Quoted(name), syntax.Plural(sp.H, "row"), syntax.Plural(len(rows), "row"))
		}
	case len(rows) > 0:
		sp.W, sp.H = int(rows[0].End-rows[0].Pos), len(rows)
		if ok && (sp.W > isa.MaxCanvas || sp.H > isa.MaxCanvas) {
			c.Errorf(syntax.CodeSprite, s.Name, s.NameEnd, "a sprite has at most %d columns and rows; this one has %d and %d", isa.MaxCanvas, sp.W, sp.H)
			ok = false
		}
	}
	if ok && len(rows)*sp.W > isa.MaxProgramWords {
		c.Errorf(syntax.CodeProgramFull, s.Name, s.NameEnd, "this sprite alone has %d texels; the program page holds %d words", len(rows)*sp.W, isa.MaxProgramWords)
		ok = false
	}
	if ok {
		sp.Frames = max(1, len(rows)/sp.H)
		c.texels(&sp, rows)
	}
	if c.name(s, Entity{Kind: SpriteSymbol, Val: int32(len(c.Sprites))}, true) {
		c.Sprites = append(c.Sprites, sp)
	}
}

// texels reads the rows of a sprite.
func (c *checker) texels(sp *Sprite, rows []syntax.TextPart) {
	palette, ok := c.palettes[c.Files.Written(sp.Pos)]
	if !ok {
		palette = defaultPalette()
	}
	sp.Palette = palette
	sp.Texels = make([]uint32, len(rows)*sp.W)
	for y, r := range rows {
		text := c.Text(r.Pos, r.End)
		if len(text) > sp.W {
			c.Errorf(syntax.CodeSprite, r.Pos+syntax.Pos(sp.W), r.End, "this row has %s, and %s is %d wide", syntax.Plural(len(text), "texel"), syntax.Quoted(sp.Name), sp.W)
			continue
		}
		row := make([]byte, sp.W)
		for x := range row {
			row[x] = '.'
		}
		copy(row, text)
		sp.Rows = append(sp.Rows, string(row))
		for x := range len(text) {
			d := syntax.Digit(text[x])
			if d < 0 {
				continue
			}
			if d >= len(palette) {
				at := r.Pos + syntax.Pos(x)
				c.Errorf(syntax.CodeSprite, at, at+1, "the palette has no colour %c: its %s 0 to %X", text[x], digitsAre(len(palette)), len(palette)-1)
				break
			}
			rgb := palette[d]
			sp.Texels[y*sp.W+x] = isa.Word(uint8(rgb>>16), uint8(rgb>>8), uint8(rgb), 255)
		}
	}
}

func digitsAre(n int) string {
	if n == 1 {
		return "digit is only"
	}
	return "digits are"
}

// noValue reports a sprite where a value should stand.
func (c *checker) noValue(n *syntax.Expr, name string) {
	c.Errorf(syntax.CodeNeedsIndex, n.Pos, n.End, "%s is a sprite and no value: SPR %s x y draws it", syntax.Quoted(name), name)
	n.Kind = syntax.BadExpr
}

// drawn checks the sprite and the frame of a SPR.
func (c *checker) drawn(s *syntax.Stmt) {
	if s.NameEnd <= s.Name {
		return
	}
	name := c.Text(s.Name, s.NameEnd)
	e, ok := c.Lookup(name, s.Def)
	switch {
	case !ok:
		if b, taken := syntax.LookupBuiltin(name); taken {
			c.Errorf(syntax.CodeUnknownName, s.Name, s.NameEnd, "%s is %s, not a sprite", syntax.Quoted(name), whatIs(b))
			return
		}
		c.unknown(syntax.CodeUnknownName, s.Name, s.NameEnd, name, c.spriteNames, "no sprite "+syntax.Quoted(name)+" is declared")
		return
	case e.Kind != SpriteSymbol:
		c.Errorf(syntax.CodeUnknownName, s.Name, s.NameEnd, "%s is %s, not a sprite", syntax.Quoted(name), article(e.Kind))
		return
	}
	if s.Index == syntax.None {
		return
	}
	frames := c.Sprites[e.Val].Frames
	if i := c.Exprs[s.Index]; i.Kind == syntax.NumExpr && (i.Val < 0 || int(i.Val) >= frames) {
		c.Warnf(syntax.CodeIndexRange, i.Pos, i.End, "%s has %s, and this is frame %d: the program ends here with address_out_of_range", syntax.Quoted(name), framesOf(frames), i.Val)
	}
}

func framesOf(n int) string {
	if n == 1 {
		return "frame 0 alone"
	}
	return "frames 0 to " + strconv.Itoa(n-1)
}

func (c *checker) spriteNames() []string {
	var out []string
	for _, s := range c.Sprites {
		out = append(out, s.Name)
	}
	return out
}
