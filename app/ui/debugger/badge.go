package debugger

import (
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// Badge says in the toolbar whether the frame that was checked last came out the same on
// CPU and GPU. Where it did not, it leads to the first texel that differs.
type Badge struct {
	Model  *studio.Model
	Action func(id string) *studio.Action
	menu   kit.Menu
}

// badgeActions are what the badge offers of a difference.
var badgeActions = []string{"debug.parity", "debug.parity.save"}

// Update takes in input.
func (b *Badge) Update(gtx layout.Context) {
	if i, ok := b.menu.Chosen(gtx, b.items()); ok && i > 0 {
		b.Action(badgeActions[i-1]).Invoke()
	}
}

// Open says whether the badge's menu is down.
func (b *Badge) Open() bool { return b.menu.Open() }

// items are what was found, and, where it is a difference, what can be done.
func (b *Badge) items() []kit.MenuItem {
	p := b.Model.Parity()
	if p == nil {
		return nil
	}
	items := []kit.MenuItem{{Label: p.String(), Disabled: true}}
	if !p.Equal {
		for _, id := range badgeActions {
			items = append(items, kit.MenuItem{Label: b.Action(id).Title})
		}
	}
	return items
}

// Layout draws the badge; nothing before a frame was checked, nor, where there is little
// room, of one that came out the same.
func (b *Badge) Layout(gtx layout.Context, th *kit.Theme, compact bool) layout.Dimensions {
	p := b.Model.Parity()
	if p == nil || compact && p.Equal {
		return layout.Dimensions{}
	}
	s := kit.ButtonStyle{Name: "CPU and GPU", Label: "CPU=GPU", Look: kit.Framed, Dot: th.Accent, Hint: p.String()}
	if !p.Equal {
		s.Label, s.Dot, s.Color = "CPU≠GPU", th.Error, th.Error
	}
	return layout.Inset{Right: 6}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return kit.MenuStyle{Theme: th, Menu: &b.menu, Items: b.items(), Right: true, Width: 560}.Layout(gtx, s)
	})
}
