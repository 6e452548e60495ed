package ui

import (
	"image"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
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
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
				layout.Rigid(th.Strong(e.Title).Layout), kit.Gap(2), layout.Rigid(about.Layout))
		})
		d.Size = r.Max
		return d
	})
}
