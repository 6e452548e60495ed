package ui

import (
	"image"
	"image/color"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/ui/kit"
	"gvpie/assets"
)

// welcome is what the window shows while no program is open.
type welcome struct {
	*shell
	examples           []assets.Example
	create, open, help kit.Button
	cards              kit.States[widget.Clickable]
	scroll             kit.Scroll
}

func (v *welcome) update(gtx layout.Context) {
	v.invoke(gtx, map[*kit.Button]string{&v.create: "file.new", &v.open: "file.open", &v.help: "help.open"})
	for i, e := range v.examples {
		if v.cards.At(i).Clicked(gtx) {
			v.model.OpenExample(e.Name, e.Source)
			v.code.focus()
		}
	}
}

// hovered is the example that the pointer is over.
func (v *welcome) hovered() (e assets.Example, ok bool) {
	for i, e := range v.examples {
		if v.model.Active() == nil && v.cards.At(i).Hovered() {
			return e, true
		}
	}
	return e, false
}

func (v *welcome) layout(gtx layout.Context) layout.Dimensions {
	th, size := v.th, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Window)
	columns := max(1, min(4, size.X/gtx.Dp(228)))
	rows := (len(v.examples) + columns - 1) / columns
	width := min(size.X-gtx.Dp(48), 4*gtx.Dp(228))
	left := (size.X - width) / 2
	return v.scroll.Layout(gtx, th, rows+2, func(gtx layout.Context, i int) layout.Dimensions {
		defer op.Offset(image.Pt(left, 0)).Push(gtx.Ops).Pop()
		whole := gtx.Constraints.Max.X
		gtx.Constraints = layout.Constraints{Max: image.Pt(width, gtx.Constraints.Max.Y)}
		var d layout.Dimensions
		switch i {
		case 0:
			d = v.layoutGreeting(gtx)
		case rows + 1:
			d = layout.Spacer{Height: 24}.Layout(gtx)
		default:
			d = v.layoutCards(gtx, (i-1)*columns, columns)
		}
		d.Size.X = whole
		return d
	})
}

func (v *welcome) layoutGreeting(gtx layout.Context) layout.Dimensions {
	th := v.th
	title := th.Strong("Programs that are pixels")
	title.Size = 24
	says := th.Dimmed("Write a few lines, and see the machine's texture and what the eye makes of it, live.").Paragraph()
	return layout.Inset{Top: 40, Bottom: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(title.Layout), kit.Gap(8), layout.Rigid(says.Layout), kit.Gap(20),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{}.Layout(gtx,
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &v.create, Label: "New program", Icon: kit.IconPlus, Look: kit.Primary, Height: 32, Keys: "Ctrl-N"}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &v.open, Label: "Open…", Icon: kit.IconFolder, Look: kit.Framed, Height: 32, Keys: "Ctrl-O"}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &v.help, Label: "Tour", Icon: kit.IconHelp, Look: kit.Framed, Height: 32, Keys: "F1"}.Layout))
			}), kit.Gap(28),
			layout.Rigid(th.Caption("OR START FROM AN EXAMPLE", th.Dim).Layout),
		)
	})
}

func (v *welcome) layoutCards(gtx layout.Context, first, columns int) layout.Dimensions {
	space := gtx.Dp(8)
	width := (gtx.Constraints.Max.X - (columns-1)*space) / columns
	height := gtx.Dp(72)
	if v.thumbs != nil {
		height += gtx.Dp(thumbnailSizes[cardThumbnail].Y + 16)
	}
	for c := range columns {
		if first+c >= len(v.examples) {
			break
		}
		kit.At(gtx, image.Pt(c*(width+space), 0), func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(width, height))
			return v.layoutCard(gtx, first+c)
		})
	}
	return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, height+space)}
}

func (v *welcome) layoutCard(gtx layout.Context, i int) layout.Dimensions {
	th, e, click := v.th, v.examples[i], v.cards.At(i)
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("example " + e.Name).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		r := image.Rectangle{Max: gtx.Constraints.Max}
		ground, edge := th.Panel, th.Line
		if click.Hovered() {
			ground, edge = th.Raised, kit.Mix(th.Line, th.Accent, 110)
		}
		if click.Pressed() {
			ground = th.Selected
		}
		kit.FillRound(gtx, r, kit.Corner, ground)
		kit.Outline(gtx, r, kit.Corner, 1, edge)
		if gtx.Focused(click) {
			kit.Outline(gtx, r, kit.Corner, 2, th.Accent)
		}
		d := layout.UniformInset(12).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			about := th.Dimmed(e.Description)
			about.Size, about.Lines, about.Line = 12, 2, 16
			text := []layout.FlexChild{layout.Rigid(th.Strong(e.Title).Layout), kit.Gap(2), layout.Rigid(about.Layout)}
			if picture := v.thumbnail(cardThumbnail, e); picture != nil {
				text = append([]layout.FlexChild{layout.Rigid(picture), kit.Gap(12)}, text...)
			}
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx, text...)
		})
		d.Size = r.Max
		return d
	})
}

// The two thumbnails of an example: in its row of the sidebar, and on its card of the
// welcome.
const (
	rowThumbnail = iota
	cardThumbnail
)

// thumbnailSizes are the largest that they may be, in dp.
var thumbnailSizes = [2]struct{ X, Y unit.Dp }{{30, 20}, {196, 104}}

// updateThumbnails takes in what has been made, and has the program move that the
// pointer is over.
func (w *Workbench) updateThumbnails(gtx layout.Context) {
	var sizes [2]image.Point
	for i, s := range thumbnailSizes {
		sizes[i] = image.Pt(gtx.Dp(s.X), gtx.Dp(s.Y))
	}
	w.thumbs.SetSizes(sizes)
	w.thumbs.Pump()
	e, ok := w.side.hovered()
	if !ok {
		e, ok = w.hello.hovered()
	}
	if !ok || w.dialogs.front != nil {
		e = assets.Example{}
	}
	w.thumbs.Move(e.Name, e.Source)
}

// thumbnail draws an example's picture on black, in the middle of the room there is for
// one; nil where there are none. It waits for the program in front, whose picture is
// the first to be made.
func (s *shell) thumbnail(which int, e assets.Example) layout.Widget {
	if s.thumbs == nil {
		return nil
	}
	return func(gtx layout.Context) layout.Dimensions {
		size := image.Pt(gtx.Dp(thumbnailSizes[which].X), gtx.Dp(thumbnailSizes[which].Y))
		kit.FillRound(gtx, image.Rectangle{Max: size}, 3, color.NRGBA{A: 255})
		if s.model.Active() != nil && s.model.Picture(humanSlot).Image == nil {
			return layout.Dimensions{Size: size}
		}
		gtx.Constraints = layout.Exact(size)
		if img := s.thumbs.Of(e.Name, e.Source)[which]; img != nil {
			s.pictures.Layout(gtx, s.th, img, nil)
		}
		return layout.Dimensions{Size: size}
	}
}
