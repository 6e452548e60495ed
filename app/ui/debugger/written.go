package debugger

import (
	"fmt"
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// What the caret's line drew in all frames so far, while a key is held.

// allAction shows it until it is done again. Its key is taken here: what it means is to hold it.
const allAction = "overlay.caret.all"

// hold shows it while Ctrl-L is down.
func (o *Overlay) hold(gtx layout.Context, c *debugger.Caret) {
	const mods = key.ModCtrl | key.ModShift | key.ModAlt | key.ModSuper | key.ModCommand
	filters := []key.Filter{{Name: "L", Required: key.ModShortcut}}
	if o.held { // whichever of the two is up first
		filters = []key.Filter{{Name: "L", Optional: mods}, {Name: key.NameCtrl, Optional: mods}, {Name: key.NameCommand, Optional: mods}}
	}
	for _, f := range filters {
		for {
			e, ok := gtx.Event(f)
			if !ok {
				break
			}
			switch e, is := e.(key.Event); {
			case !is:
			case e.State == key.Press && !o.held && e.Name == "L":
				o.held = true
				c.ShowAll(true)
			case e.State == key.Release && o.held:
				o.held = false
				c.ShowAll(false)
			}
		}
	}
}

// written is the legend of it.
func (o *Overlay) written(gtx layout.Context, th *kit.Theme, c *debugger.Caret, x, y int, on bool) layout.Dimensions {
	done, all, line := c.Looked()
	found := c.Wrote()
	says := looked(done, all)
	switch {
	case line == 0:
		says = "The caret is on no line of this program"
	case found != nil && on:
		says = fmt.Sprintf("%d, %d: never", x, y)
		if n, ok := found.At(x, y); ok {
			says = fmt.Sprintf("%d, %d: %s", x, y, kit.Count(int(n), "time"))
		}
	case found != nil:
		says = fmt.Sprintf("%s up to frame %d", kit.Count(found.Texels, "texel"), found.Frame)
	case done > 0 && done == all:
		says = "It drew nothing"
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Pt(gtx.Constraints.Max.X, gtx.Dp(24))
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Flexed(1, th.Strong(fmt.Sprintf("Drawn by line %d, all frames so far", line)).Layout),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &o.off, Name: "no overlay", Icon: kit.IconClose, Height: 22}.Layout))
		}),
		kit.Gap(2), layout.Rigid(th.Small(says, th.Text).Layout))
}
