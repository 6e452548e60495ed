package rules

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// pictureOnce draws a stretch of statements that always draw the same as the rectangles
// that come out.
func pictureOnce(p *program, out *proposals) {
	if p.cell || p.has(isa.CLIP) || p.has(isa.CAMERA) {
		return
	}
	for i := 0; i < len(p.body); i++ {
		n := i
		for n < len(p.body) && p.still(p.body[n]) && !p.body[n].inked() {
			n++
		}
		if n == i {
			continue
		}
		for _, to := range []int{n, i + 1} {
			picture := p.pictureOf(p.body[i:to])
			if picture == nil || to == i+1 && boxOf(p.body[i]) != nil {
				continue
			}
			if by := p.rects(picture, frame{0, 0, p.w, p.h}); by != nil {
				q := p.copy()
				replace(&q.body, i, to-i, by...)
				out.add(q, true, "draw what comes out in RECTs")
			}
		}
		i = n
	}
}

// course is the one loop of a program: from behind its label to before its FRAME.
type course struct{ label, frame int }

// mainLoop finds a program that is an introduction, then a loop of frames; ok is false
// where it is built in any other way.
func (p *program) mainLoop() (c course, ok bool) {
	c = course{-1, -1}
	for i, s := range p.body {
		switch {
		case s.kind == syntax.LabelStmt && c.label < 0:
			c.label = i
		case s.isOp(isa.FRAME) && c.label >= 0 && c.frame < 0:
			c.frame = i
		case s.isOp(isa.JMP) && c.frame >= 0 && i == c.frame+1 && s.name == p.body[c.label].name:
		case s.raw != "" || s.kind == syntax.BadStmt || s.kind == syntax.DefStmt && !hasFlow(s):
		case c.frame >= 0 || !s.straight():
			return c, false
		}
	}
	return c, c.frame >= 0 && c.frame+1 < len(p.body) && p.body[c.frame+1].isOp(isa.JMP)
}

// hasFlow says whether a procedure may end a frame or the program.
func hasFlow(d *stmt) bool {
	found := false
	each(d.body, func(s *stmt) { found = found || s.isOp(isa.FRAME) || s.isOp(isa.HALT) })
	return found
}

// background is what a loop draws anew in every frame, and the rest of it.
type background struct {
	course
	still map[int]bool // statements by their place
	moves []frame      // where all others draw
	known map[string]span
}

// backgroundOf parts the draws of a loop; nil: nothing of it can be drawn once.
func (p *program) backgroundOf() *background {
	c, ok := p.mainLoop()
	if !ok || p.has(isa.CLIP) || p.has(isa.CAMERA) || p.has(isa.BLIT) {
		return nil
	}
	b := &background{course: c, still: map[int]bool{}, known: p.known()}
	colored := false // a COLOR of this frame came before
	sure := false    // and none in a block, which may or may not have run, came after it
	faulted := false // the frame may have ended in an error, which shows what was drawn till then
	for i := c.label + 1; i < c.frame; i++ {
		s := p.body[i]
		if s.isOp(isa.COLOR) {
			colored, sure = true, true
			faulted = faulted || !p.safe(s)
			for _, a := range s.args {
				if _, known := p.value(a); !known {
					return nil
				}
			}
			continue
		}
		inside := false
		each([]*stmt{s}, func(x *stmt) { inside = inside || x.isOp(isa.COLOR) })
		same := p.still(s)
		faulted = faulted || !p.safe(s) && !(same && p.pictureOf([]*stmt{s}) != nil)
		b.still[i] = !faulted && same && (sure || !s.inked())
		sure = sure && !inside
		if !b.still[i] && !colored && s.inked() {
			return nil
		}
	}
	// What is drawn over something that moves is drawn again too.
	for again := true; again; {
		again, b.moves = false, nil
		moved := false
		for i := c.label + 1; i < c.frame; i++ {
			f, ok := p.reachOf(p.body[i], b.known)
			switch {
			case !ok:
				return nil
			case p.body[i].isOp(isa.COLOR) || f.empty():
			case !b.still[i]:
				b.moves = append(b.moves, f)
				moved = true
			case moved && slices.ContainsFunc(b.moves, f.meets):
				b.still[i], again = false, true
			}
		}
	}
	any := false
	for i := range b.still {
		any = any || b.still[i]
	}
	if !any {
		return nil
	}
	return b
}

// drawnOnce draws the background before the loop, and in the loop only what something
// else was drawn over.
func drawnOnce(p *program, out *proposals) {
	onceOf(p, out)
	if q := p.parted(); q != nil {
		onceOf(q, out)
	}
}

func onceOf(p *program, out *proposals) {
	b := p.backgroundOf()
	if b == nil {
		return
	}
	var all []*stmt
	first := -1
	for i := b.label + 1; i < b.frame; i++ {
		switch s := p.body[i]; {
		case s.isOp(isa.COLOR):
			all = append(all, s)
		case b.still[i]:
			if first < 0 {
				first = i
			}
			all = append(all, s)
		}
	}
	if p.cell && !p.body[first].isOp(isa.CLS) {
		return // glyphs of the frame before may stand there
	}
	picture := p.pictureOf(all)
	if picture == nil {
		return
	}
	apart := joinedFrames(b.moves)
	one := frame{}
	for _, f := range b.moves {
		one = one.with(f)
	}
	for _, moves := range [][]frame{apart, {one}} {
		again, ok := p.restored(picture, moves)
		if !ok {
			continue
		}
		q := p.copy()
		loop := q.body[b.label]
		var once, left []*stmt
		for i, s := range q.body {
			switch {
			case i <= b.label || i >= b.frame:
			case s.isOp(isa.COLOR):
				once = append(once, s.clone())
				once[len(once)-1].lead = nil
				left = append(left, s)
			case b.still[i]:
				once = append(once, s)
			default:
				left = append(left, s)
			}
		}
		for n := len(once); n > 0 && once[n-1].isOp(isa.COLOR); n-- {
			once = once[:n-1]
		}
		if len(again) > 0 {
			again[0].lead = []string{"; what was drawn over"}
		}
		once[0].lead = append(loop.lead, once[0].lead...)
		loop.lead = nil
		body := append(append([]*stmt{}, q.body[:b.label]...), once...)
		body = append(append(body, loop), again...)
		q.body = append(append(body, left...), q.body[b.frame:]...)
		out.add(q, true, "draw the background once")
		if len(moves) == 1 && len(apart) == 1 {
			break
		}
	}
}

// joinedFrames joins those that meet.
func joinedFrames(all []frame) []frame {
	out := slices.Clone(all)
	for again := true; again; {
		again = false
		for i := range out {
			for j := i + 1; j < len(out); j++ {
				if out[i].meets(out[j]) {
					out[i] = out[i].with(out[j])
					out = slices.Delete(out, j, j+1)
					again = true
					break
				}
			}
			if again {
				break
			}
		}
	}
	return out
}

// restored draws a picture again where something moved; ok is false where it cannot be.
func (p *names) restored(picture []uint32, moves []frame) (out []*stmt, ok bool) {
	for _, f := range moves {
		if f.empty() {
			continue
		}
		if !p.cell {
			for y := f.y0; y < f.y1; y++ {
				for x := f.x0; x < f.x1; x++ {
					if picture[y*p.w+x]>>24 == 0 {
						return nil, false
					}
				}
			}
			r := p.rects(picture, f)
			if r == nil || len(r) > 16 {
				return nil, false
			}
			out = append(out, r...)
			continue
		}
		paper := picture[f.y0*p.w+f.x0]
		for y := f.y0; y < f.y1; y++ {
			for x := f.x0; x < f.x1; x++ {
				if t := picture[y*p.w+x]; t != paper || t&0xFFFF != 0 {
					return nil, false
				}
			}
		}
		x, y, w, h := number(f.x0), number(f.y0), number(f.x1-f.x0), number(f.y1-f.y0)
		code := int32(paper >> 16 & 0xFF)
		if code == 0 { // no colour gives the paper that CLS leaves
			out = append(out, draw(isa.CLIP, x, y, w, h), draw(isa.CLS), draw(isa.CLIP))
			continue
		}
		code--
		out = append(out, draw(isa.FILL, x, y, w, h, color(code/36*51<<16|code/6%6*51<<8|code%6*51)))
	}
	return out, true
}
