package ui

import (
	"image"
	"slices"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/recovery"
	"gvpie/app/ui/kit"
	"gvpie/assets"
)

// recoveredTexts lists the unsaved texts that earlier windows left behind, each to be
// opened or dropped. Closing it decides nothing.
type recoveredTexts struct {
	model  *studio.Model
	open   func(recovery.Left)
	rows   kit.States[recoveredRow]
	all    kit.Button
	close  kit.Button
	scroll kit.Scroll
	asked  bool // for the keyboard
}

type recoveredRow struct{ open, drop kit.Button }

func (d *documents) chooseRecovered() {
	d.dialogs.open(&recoveredTexts{model: d.model, open: d.recover})
}

func (r *recoveredTexts) Frame() (width, height, top unit.Dp) {
	return 640, min(500, 172+recoveredHeight*unit.Dp(len(r.model.Recovered()))), 0
}

// recoveredHeight is the height of a text's row.
const recoveredHeight unit.Dp = 48

func (r *recoveredTexts) Update(gtx layout.Context) (done bool) {
	if !r.asked {
		r.asked = true
		r.close.Focus(gtx)
	}
	left := r.model.Recovered()
	all := r.all.Clicked(gtx)
	for i, l := range left {
		row := r.rows.At(i)
		switch {
		case all, row.open.Clicked(gtx):
			r.open(l)
		case row.drop.Clicked(gtx):
			r.model.Discard(l)
		}
	}
	return r.close.Clicked(gtx) || len(r.model.Recovered()) == 0
}

func (r *recoveredTexts) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	left := r.model.Recovered()
	title := th.Strong("Unsaved text of " + kit.Count(len(left), "program"))
	title.Size = 15
	semantic.DescriptionOp(title.Text).Add(gtx.Ops)
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(title.Layout), kit.Gap(6),
			layout.Rigid(th.Dimmed("An earlier window ended before these were saved. What is neither opened nor dropped is offered again.").Paragraph().Layout), kit.Gap(10),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return r.scroll.Layout(gtx, th, len(left), func(gtx layout.Context, i int) layout.Dimensions { return r.layoutRow(gtx, th, i, left[i]) })
			}), kit.Gap(10),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx, layout.Flexed(1, layout.Spacer{}.Layout),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &r.close, Label: "Later", Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &r.all, Label: "Open all", Look: kit.Primary, Height: 32}.Layout))
			}),
		)
	})
}

func (r *recoveredTexts) layoutRow(gtx layout.Context, th *kit.Theme, i int, l recovery.Left) layout.Dimensions {
	row := r.rows.At(i)
	where := l.Path
	if where == "" {
		where = "not in a file yet: " + telling(l.Text.Text)
	}
	about := l.At.Local().Format("2006-01-02 15:04") + " · " + kit.Count(strings.Count(strings.TrimSuffix(l.Text.Text, "\n"), "\n")+1, "line") + " · " + where
	gtx.Constraints = layout.Exact(image.Pt(gtx.Constraints.Max.X, gtx.Dp(recoveredHeight)))
	return layout.Inset{Right: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Axis: layout.Vertical}.Layout(gtx, layout.Rigid(th.Body(l.Name).Layout), kit.Gap(2), layout.Rigid(th.Small(about, th.Dim).Layout))
			}), kit.Gap(8),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &row.open, Name: "open " + l.Name, Label: "Open", Look: kit.Framed}.Layout), kit.Gap(6),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &row.drop, Name: "drop " + l.Name, Label: "Drop", Look: kit.Quiet}.Layout),
		)
	})
}

// telling is the first line of a text that tells it from those that began as it did, from
// the template; of one that has none the first line.
func telling(text string) string {
	template := strings.Split(assets.Template(), "\n")
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if strings.TrimSpace(line) != "" && !slices.Contains(template, line) {
			return strings.TrimSpace(line)
		}
	}
	return lines[0]
}
