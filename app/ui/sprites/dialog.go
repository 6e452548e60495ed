package sprites

import (
	"fmt"
	"image"

	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
)

// Dialog is the sprite editor. Escape and a press outside keep what was drawn, for the
// text has it as one step of undo; Cancel alone leaves the text as it was.
type Dialog struct {
	sheet    *sprites.Sheet
	pictures *kit.Pictures
	done     func(*sprites.Sheet) // is given what was drawn

	easel   easel
	colors  colors
	frames  strip
	preview preview

	undo, redo                kit.Button
	mirror, flip, clear       kit.Button
	left, right, raise, lower kit.Button
	yes, no                   kit.Button
	pencil, bucket            kit.Button
}

// New makes the dialog for a sheet. done is called once, if anything was drawn.
func New(sheet *sprites.Sheet, pictures *kit.Pictures, done func(*sprites.Sheet)) *Dialog {
	d := &Dialog{sheet: sheet, pictures: pictures, done: done}
	d.easel = easel{sheet: sheet, pictures: pictures, letter: sheet.Digit(min(1, len(sheet.Palette)-1)), onion: true}
	d.colors = colors{sheet: sheet}
	d.frames = strip{sheet: sheet, pictures: pictures}
	d.preview = preview{sheet: sheet, pictures: pictures, playing: true, speed: 8}
	return d
}

// Frame is the size of a kit.Modal.
func (d *Dialog) Frame() (width, height, top unit.Dp) { return 860, 620, 0 }

// Dismiss hands back what was drawn, as Escape does.
func (d *Dialog) Dismiss() {
	d.sheet.EndStroke()
	if d.sheet.Changed() {
		d.done(d.sheet)
	}
}

// Update takes in input; done says that the dialog may go.
func (d *Dialog) Update(gtx layout.Context) (done bool) {
	s := d.sheet
	d.keys(gtx)
	for b, do := range map[*kit.Button]func(){
		&d.undo: s.Undo, &d.redo: s.Redo, &d.mirror: s.Mirror, &d.flip: s.Flip, &d.clear: s.ClearFrame,
		&d.left: func() { s.Shift(-1, 0) }, &d.right: func() { s.Shift(1, 0) },
		&d.raise: func() { s.Shift(0, -1) }, &d.lower: func() { s.Shift(0, 1) },
		&d.pencil: func() { d.easel.filling = false }, &d.bucket: func() { d.easel.filling = true },
	} {
		if b.Clicked(gtx) {
			do()
		}
	}
	d.easel.update(gtx)
	if letter, ok := d.colors.update(gtx); ok {
		d.easel.letter = letter
	}
	if d.frames.update(gtx) {
		d.easel.onion = !d.easel.onion
	}
	d.preview.update(gtx)
	switch {
	case d.no.Clicked(gtx):
		return true
	case d.yes.Clicked(gtx):
		d.Dismiss()
		return true
	}
	return false
}

// keys does what keys stand for: colours by their digits, arrows shift, the pages are
// the frames.
func (d *Dialog) keys(gtx layout.Context) {
	s := d.sheet
	filters := []key.Filter{
		{Name: "Z", Required: key.ModShortcut, Optional: key.ModShift}, {Name: "Y", Required: key.ModShortcut},
		{Name: key.NameLeftArrow}, {Name: key.NameRightArrow}, {Name: key.NameUpArrow}, {Name: key.NameDownArrow},
		{Name: key.NamePageUp}, {Name: key.NamePageDown}, {Name: "."}, {Name: "P"}, {Name: "G"}, {Name: "M"},
	}
	for i := range s.Palette {
		filters = append(filters, key.Filter{Name: key.Name("0123456789ABCDEF"[i : i+1])})
	}
	for _, f := range filters {
		for {
			e, ok := gtx.Event(f)
			if !ok {
				break
			}
			if k, ok := e.(key.Event); ok && k.State == key.Press {
				d.key(k)
			}
		}
	}
}

func (d *Dialog) key(k key.Event) {
	s := d.sheet
	switch k.Name {
	case "Z":
		if k.Modifiers.Contain(key.ModShift) {
			s.Redo()
		} else {
			s.Undo()
		}
	case "Y":
		s.Redo()
	case key.NameLeftArrow:
		s.Shift(-1, 0)
	case key.NameRightArrow:
		s.Shift(1, 0)
	case key.NameUpArrow:
		s.Shift(0, -1)
	case key.NameDownArrow:
		s.Shift(0, 1)
	case key.NamePageUp:
		s.Show(s.Front() - 1)
	case key.NamePageDown:
		s.Show(s.Front() + 1)
	case "P":
		d.easel.filling = false
	case "G":
		d.easel.filling = true
	case "M":
		s.Mirror()
	case ".":
		d.easel.letter = sprites.Clear
	default:
		for i := range s.Palette {
			if k.Name == key.Name("0123456789ABCDEF"[i:i+1]) {
				d.easel.letter = s.Digit(i)
			}
		}
	}
}

// Layout draws the dialog.
func (d *Dialog) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	s := d.sheet
	semantic.DescriptionOp("Sprite " + s.Name).Add(gtx.Ops)
	gtx.Constraints.Min = gtx.Constraints.Max
	note := fmt.Sprintf("%d × %d", s.W, s.H)
	if s.Frames() > 1 {
		note += fmt.Sprintf(" · %d frames, here frame %d", s.Frames(), s.Front())
	}
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Rigid(th.Strong(s.Name).Layout), kit.Gap(12), layout.Flexed(1, th.Dimmed(note).Layout),
					d.tool(th, &d.undo, "Undo", "Ctrl-Z", kit.IconUndo, false, !s.CanUndo()),
					d.tool(th, &d.redo, "Redo", "Ctrl-Shift-Z", kit.IconRedo, false, !s.CanRedo()))
			}), kit.Gap(8),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{}.Layout(gtx,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.layoutTools(gtx, th) }), kit.Gap(12),
					layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return d.easel.layout(gtx, th) }), kit.Gap(12),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.layoutRight(gtx, th) }))
			}), kit.Gap(10),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.frames.layout(gtx, th, d.easel.onion) }), kit.Gap(12),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Flexed(1, th.Small("A right click takes a colour up · arrows shift · Esc keeps what is drawn", th.Dim).Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.no, Label: "Cancel", Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.yes, Label: "Done", Look: kit.Primary, Height: 32}.Layout))
			}))
	})
}

// tool is one of the buttons that draw.
func (d *Dialog) tool(th *kit.Theme, b *kit.Button, name, keys string, icon kit.Icon, selected, disabled bool) layout.FlexChild {
	return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: name, Keys: keys, Icon: icon, Selected: selected, Disabled: disabled, Height: 32}.Layout)
}

func (d *Dialog) layoutTools(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		d.tool(th, &d.pencil, "Paint", "P", kit.IconPen, !d.easel.filling, false),
		d.tool(th, &d.bucket, "Fill", "G", kit.IconBucket, d.easel.filling, false), kit.Gap(8),
		d.tool(th, &d.mirror, "Mirror left to right", "M", kit.IconMirror, false, false),
		d.tool(th, &d.flip, "Turn upside down", "", kit.IconFlip, false, false), kit.Gap(8),
		d.tool(th, &d.left, "Shift to the left", "←", kit.IconLeft, false, false),
		d.tool(th, &d.right, "Shift to the right", "→", kit.IconRight, false, false),
		d.tool(th, &d.raise, "Shift up", "↑", kit.IconRaise, false, false),
		d.tool(th, &d.lower, "Shift down", "↓", kit.IconLower, false, false), kit.Gap(8),
		d.tool(th, &d.clear, "Clear the frame", "", kit.IconClose, false, false))
}

// layoutRight draws the moving preview over the colours.
func (d *Dialog) layoutRight(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	width := gtx.Dp(176)
	gtx.Constraints = layout.Exact(image.Pt(width, gtx.Constraints.Max.Y))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.preview.layout(gtx, th) }), kit.Gap(12),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.colors.layout(gtx, th, d.easel.letter) }),
		layout.Flexed(1, layout.Spacer{}.Layout))
}
