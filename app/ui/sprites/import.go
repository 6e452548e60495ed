package sprites

import (
	"fmt"
	"image"
	"path/filepath"
	"strconv"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl/picture"
)

// ImportDialog asks what a picture is to become, and shows what it will look like.
type ImportDialog struct {
	of       *sprites.Import
	pictures *kit.Pictures
	chosen   func(source string)

	name, width, height kit.Field
	sprite, table       kit.Button
	dither              kit.Switch
	yes, no             kit.Button
	focused             bool

	shown   importOptions // what preview is of
	preview *image.RGBA
	says    string // what is in the way
}

// importOptions are what a preview depends on.
type importOptions struct {
	picture.Options
	table bool
}

// NewImport makes the dialog. chosen is given the source of the sprite or table.
func NewImport(of *sprites.Import, pictures *kit.Pictures, chosen func(source string)) *ImportDialog {
	d := &ImportDialog{of: of, pictures: pictures, chosen: chosen}
	d.name.SetText(of.Name)
	d.name.Select(0, len(of.Name))
	d.SetSize(of.W, of.H)
	d.look()
	return d
}

// SetSize writes how many texels the picture is to have.
func (d *ImportDialog) SetSize(w, h int) {
	d.width.SetText(strconv.Itoa(w))
	d.height.SetText(strconv.Itoa(h))
}

// Frame is the size of a kit.Modal.
func (d *ImportDialog) Frame() (width, height, top unit.Dp) { return 560, 380, 0 }

// Update takes in input; done says that the dialog may go.
func (d *ImportDialog) Update(gtx layout.Context) (done bool) {
	if !d.focused {
		d.focused = true
		d.name.Focus(gtx)
	}
	entered := false
	for _, f := range []*kit.Field{&d.name, &d.width, &d.height} {
		_, e := f.Update(gtx)
		entered = entered || e
	}
	switch {
	case d.sprite.Clicked(gtx):
		d.of.Table = false
	case d.table.Clicked(gtx):
		d.of.Table = true
	}
	if d.dither.Clicked(gtx) {
		d.of.Dither = !d.of.Dither
	}
	d.of.Name = strings.TrimSpace(d.name.Text())
	d.of.W, d.of.H = number(&d.width), number(&d.height)
	d.look()
	if d.no.Clicked(gtx) {
		return true
	}
	if !d.yes.Clicked(gtx) && !entered || d.says != "" {
		return false
	}
	source, err := d.of.Source()
	if err != nil {
		return false // as d.says has it
	}
	d.chosen(source)
	return true
}

// number is what a field holds; -1, which is no size, if it is no number.
func number(f *kit.Field) int {
	if v, err := strconv.Atoi(strings.TrimSpace(f.Text())); err == nil && v > 0 {
		return v
	}
	return -1
}

// look makes the preview again if it is of something else.
func (d *ImportDialog) look() {
	now := importOptions{d.of.Options, d.of.Table}
	if now == d.shown {
		return
	}
	d.shown = now
	img, err := d.of.Preview()
	if err != nil {
		d.says = kit.UpperFirst(err.Error()) + "."
		return
	}
	d.preview, d.says = img, ""
}

// Layout draws the dialog.
func (d *ImportDialog) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	title := "Import " + filepath.Base(d.of.Path)
	semantic.DescriptionOp(title).Add(gtx.Ops)
	gtx.Constraints.Min = gtx.Constraints.Max
	size := d.of.Image.Bounds().Size()
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Rigid(th.Strong(title).Layout), kit.Gap(12),
					layout.Flexed(1, th.Dimmed(fmt.Sprintf("%d × %d pixels", size.X, size.Y)).Layout))
			}), kit.Gap(12),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{}.Layout(gtx,
					layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return d.layoutPreview(gtx, th) }), kit.Gap(16),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions {
						gtx.Constraints.Max.X = gtx.Dp(216)
						gtx.Constraints.Min = image.Point{}
						return d.layoutOptions(gtx, th)
					}))
			}), kit.Gap(12),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
						says := th.Small(d.says, th.Error)
						says.Lines = 2
						return says.Layout(gtx)
					}), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.no, Label: "Cancel", Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.yes, Label: "Import", Look: kit.Primary, Disabled: d.says != "", Height: 32}.Layout))
			}))
	})
}

func (d *ImportDialog) layoutPreview(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	r := image.Rectangle{Max: size}
	kit.FillRound(gtx, r, kit.Corner, th.Window)
	kit.Outline(gtx, r, kit.Corner, 1, th.Line)
	if d.preview != nil {
		area := fit(size.Sub(image.Pt(gtx.Dp(16), gtx.Dp(16))), d.preview.Rect.Dx(), d.preview.Rect.Dy()).Add(image.Pt(gtx.Dp(8), gtx.Dp(8)))
		kit.Fill(gtx, area, kit.Mix(th.Window, th.Text, 36))
		kit.Boxed(gtx, area, func(gtx layout.Context) layout.Dimensions { return d.pictures.Layout(gtx, th, d.preview, nil) })
	}
	return layout.Dimensions{Size: size}
}

func (d *ImportDialog) layoutOptions(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	field := func(f *kit.Field, name string) layout.Widget {
		return kit.FieldStyle{Theme: th, Field: f, Name: name, Mono: true}.Layout
	}
	kind := func(b *kit.Button, label string, on bool) layout.FlexChild {
		return layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return kit.ButtonStyle{Theme: th, Button: b, Label: label, Look: kit.Framed, Selected: on, Height: 32, Width: unit.Dp(float32(gtx.Constraints.Max.X) / gtx.Metric.PxPerDp)}.Layout(gtx)
		})
	}
	note := "Its colours as numbers: name[x, y]."
	if !d.of.Table {
		note = "Sixteen colours at most: its own, or the nearest."
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{}.Layout(gtx, kind(&d.sprite, "Sprite", !d.of.Table), kit.Gap(8), kind(&d.table, "Table", d.of.Table))
		}), kit.Gap(8),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			l := th.Small(note, th.Dim)
			l.Lines = 2
			return l.Layout(gtx)
		}), kit.Gap(12),
		layout.Rigid(th.Small("Name", th.Dim).Layout), kit.Gap(4),
		layout.Rigid(field(&d.name, "name")), kit.Gap(12),
		layout.Rigid(th.Small("Width and height in texels", th.Dim).Layout), kit.Gap(4),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Flexed(1, field(&d.width, "width")), kit.Gap(6),
				layout.Rigid(th.Dimmed("×").Layout), kit.Gap(6),
				layout.Flexed(1, field(&d.height, "height")))
		}), kit.Gap(12),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return d.dither.Layout(gtx, th, "Dither", d.of.Dither && !d.of.Table, d.of.Table)
				}), kit.Gap(6),
				layout.Flexed(1, th.Dimmed("Dither").Layout))
		}))
}
