package ui

import (
	"image"

	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// topBar is the window's upper edge: the tabs and the toolbar.
type topBar struct {
	*shell
	documents *documents
	tabs      kit.Tabs
	add       kit.Button
	tools     toolbar
	home      string // the person's folder
}

// updateTabs takes in the input of the tabs, the toolbar's is its own.
func (b *topBar) updateTabs(gtx layout.Context) {
	if e, ok := b.tabs.Update(gtx, len(b.model.Docs())); ok {
		if e.Close {
			b.documents.close(e.Index)
		} else {
			if e.Keep {
				b.model.Keep(e.Index)
			}
			b.model.SetActive(e.Index)
			b.code.focus()
		}
	}
	if b.add.Clicked(gtx) {
		b.action("file.new").Invoke()
	}
}

// layout draws the tabs and the toolbar.
func (b *topBar) layout(gtx layout.Context) layout.Dimensions {
	th, size := b.th, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	kit.Hairline(gtx, layout.S, th.Line)
	docs := b.model.Docs()
	titles := studio.Titles(docs, b.home)
	tabs := make([]kit.Tab, len(docs))
	for i, d := range docs {
		tabs[i] = kit.Tab{Title: titles[i], Hint: d.Path, Unsaved: d.Dirty(), Failed: b.model.Wrong(d), Preview: d.Preview}
		if d.Preview {
			tabs[i].Hint = "The next example takes this tab's place. A double click keeps it."
		}
	}
	gtx.Constraints.Min = size
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Max.X -= gtx.Dp(40)
					if len(tabs) == 0 {
						return layout.Dimensions{}
					}
					return b.tabs.Layout(gtx, th, tabs, b.model.ActiveIndex())
				}), kit.Gap(4),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min = image.Point{}
					return kit.ButtonStyle{Theme: th, Button: &b.add, Name: "New program", Icon: kit.IconPlus, Keys: "Ctrl-N"}.Layout(gtx)
				}))
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return b.tools.layout(gtx, size.X < gtx.Dp(860))
		}),
	)
}
