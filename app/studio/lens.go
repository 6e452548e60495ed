package studio

import (
	"context"
	"image"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// lens is what the window looks through at another moment than the one that the engine
// stands at: a machine of the player's own, made equal to the pages of that moment.
type lens struct {
	at      *machine.Snapshot // nil: the engine's moment
	machine *machine.Machine  // equal to at
}

// turn looks at a moment, and says whether that is another than before. One that no
// machine can be in is not looked at.
func (l *lens) turn(to *machine.Snapshot) bool {
	if to == l.at {
		return false
	}
	var err error
	switch {
	case to == nil:
		l.machine = nil
	case l.machine == nil:
		l.machine, err = machine.FromSnapshot(to)
	default:
		err = l.machine.Restore(to)
	}
	if err != nil {
		l.machine, to = nil, nil
	}
	l.at = to
	return true
}

// render draws a view of the moment that is looked at.
func (p *player) render(v machine.View, img *image.RGBA) error {
	if p.lens.machine != nil {
		return p.lens.machine.Present(img, v)
	}
	return p.eng.Render(context.Background(), v, img)
}

// read gives a page of the moment that is looked at.
func (p *player) read(page machine.Page) ([]uint32, error) {
	if p.lens.machine != nil {
		return p.lens.machine.Page(page), nil
	}
	return p.eng.Read(context.Background(), page)
}

// inSight is the program of the moment that is looked at: its header, and its words.
func (p *player) inSight() (isa.Header, int) {
	if m := p.lens.machine; m != nil {
		return m.Header(), len(m.Page(machine.ProgramPage))
	}
	return p.run.asm.Header, len(p.run.asm.Program)
}
