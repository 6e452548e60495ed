package loop

import (
	"fmt"
	"image"
	"os"
	"path/filepath"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/widget"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// What the buttons under the cartridges do.
const (
	cartOpen = iota
	cartRun
	cartVerify
	cartExport
)

// cartridgeList shows the cartridges as thumbnails.
type cartridgeList struct {
	*Window
	scroll  kit.Scroll
	clicks  kit.States[widget.Clickable]
	chosen  int64 // the cartridge that the buttons are about
	buttons [4]kit.Button
}

func (l *cartridgeList) update(gtx layout.Context) {
	a := l.Agent
	all := a.Cartridges()
	for i, c := range all {
		if e, ok := l.clicks.At(i).Update(gtx); ok {
			l.chosen = c.ID
			if e.NumClicks > 1 {
				a.OpenCartridge(c)
			}
		}
	}
	c, ok := l.current()
	for i := range l.buttons {
		if !l.buttons[i].Clicked(gtx) || !ok {
			continue
		}
		switch i {
		case cartOpen:
			a.OpenCartridge(c)
		case cartRun:
			a.RunCartridge(c)
		case cartVerify:
			a.VerifyCartridge(c)
		case cartExport:
			start := filepath.Base(c.Path)
			if home, err := os.UserHomeDir(); err == nil {
				start = filepath.Join(home, start)
			}
			l.AskPath("Export "+filepath.Base(c.Path), "Export", start, func(path string) { a.ExportCartridge(c, path) })
		}
	}
}

// current is the cartridge that is chosen.
func (l *cartridgeList) current() (store.Cartridge, bool) {
	for _, c := range l.Agent.Cartridges() {
		if c.ID == l.chosen {
			return c, true
		}
	}
	return store.Cartridge{}, false
}

func (l *cartridgeList) layout(gtx layout.Context) layout.Dimensions {
	a := l.Agent
	th, size, all := l.Theme, gtx.Constraints.Max, a.Cartridges()
	if len(all) == 0 {
		return kit.Empty(gtx, th, kit.IconFile, "No cartridges", "gvpie cartridge make FILE makes one")
	}
	foot := gtx.Dp(40)
	across := max(1, (size.X-gtx.Dp(16))/gtx.Dp(124))
	rows := (len(all) + across - 1) / across
	kit.Boxed(gtx, image.Rect(0, 0, size.X, size.Y-foot), func(gtx layout.Context) layout.Dimensions {
		return l.scroll.Layout(gtx, th, rows, func(gtx layout.Context, row int) layout.Dimensions {
			width := (gtx.Constraints.Max.X - gtx.Dp(16)) / across
			height := gtx.Dp(24) + width*2/3
			for i := row * across; i < min(len(all), (row+1)*across); i++ {
				x := gtx.Dp(8) + (i%across)*width
				kit.Boxed(gtx, image.Rect(x, 0, x+width, height), func(gtx layout.Context) layout.Dimensions {
					return l.layoutCartridge(gtx, i, &all[i])
				})
			}
			return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, height)}
		})
	})
	kit.Boxed(gtx, image.Rect(0, size.Y-foot, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		kit.Hairline(gtx, layout.N, th.Line)
		c, ok := l.current()
		row := []layout.FlexChild{kit.Gap(8)}
		for i, name := range []string{"Open", "Run", "Verify", "Export…"} {
			row = append(row, layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &l.buttons[i], Name: kit.LowerFirst(name) + " the cartridge", Label: name, Look: kit.Framed, Height: 24, Disabled: !ok}.Layout)), kit.Gap(4))
		}
		if ok {
			row = append(row, kit.Gap(4), layout.Flexed(1, kit.Middle(th.Caption(fmt.Sprintf("run %s", kit.Count(c.ExecutedCount, "time")), th.Faint).Layout)))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	return layout.Dimensions{Size: size}
}

// layoutCartridge draws a thumbnail with its name.
func (l *cartridgeList) layoutCartridge(gtx layout.Context, i int, c *store.Cartridge) layout.Dimensions {
	a := l.Agent
	th, size := l.Theme, gtx.Constraints.Max
	click := l.clicks.At(i)
	name := filepath.Base(c.Path)
	name = name[:len(name)-len(filepath.Ext(name))]
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("cartridge " + name).Add(gtx.Ops)
		semantic.SelectedOp(l.chosen == c.ID).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		in := gtx.Dp(4)
		box := image.Rect(in, in, size.X-in, size.Y-gtx.Dp(22))
		kit.FillRound(gtx, box, 4, th.Window)
		img, err := a.Picture(loop.PictureKey{Path: c.Path, Small: true})
		kit.Boxed(gtx, box.Inset(gtx.Dp(1)), func(gtx layout.Context) layout.Dimensions {
			return l.Pictures.Layout(gtx, th, img, err)
		})
		edge := th.Line
		if l.chosen == c.ID {
			edge = th.Accent
		} else if click.Hovered() {
			edge = th.Faint
			th.Tip.Offer(gtx, click, c.Path, "")
		}
		kit.Outline(gtx, box, 4, 1, edge)
		if gtx.Focused(click) {
			kit.Outline(gtx, image.Rectangle{Max: size}.Inset(gtx.Dp(1)), 4, 2, th.Accent)
		}
		kit.Boxed(gtx, image.Rect(in, size.Y-gtx.Dp(21), size.X-in, size.Y), func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(2), layout.Flexed(1, kit.Middle(th.Small(name, th.Text).Layout)),
				layout.Rigid(kit.Middle(th.Caption(c.Kind, th.Faint).Layout)), kit.Gap(2))
		})
		return layout.Dimensions{Size: size}
	})
}
