package debugger

import (
	"fmt"
	"image"

	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// search looks for frames: where something holds, and where the run and a recording part.
type search struct {
	*Window
	expression    kit.Field
	focus         bool // the field is to have the keyboard
	first, last   kit.Button
	compare, goes kit.Button
	cancel        kit.Button
}

func (s *search) update(gtx layout.Context) {
	look := s.Model.Search()
	if s.focus {
		s.focus = false
		s.expression.Focus(gtx)
	}
	_, entered := s.expression.Update(gtx)
	first, last := s.first.Clicked(gtx) || entered, s.last.Clicked(gtx)
	if text := s.expression.Text(); text != "" && (first || last) {
		look.Where(text, !first)
	}
	if s.compare.Clicked(gtx) {
		s.Action("debug.compare").Invoke()
	}
	if s.goes.Clicked(gtx) {
		look.GoToParting()
	}
	if s.cancel.Clicked(gtx) {
		s.Action("debug.cancel").Invoke()
	}
}

func (s *search) layout(gtx layout.Context) layout.Dimensions {
	th, size, look := s.Theme, gtx.Constraints.Max, s.Model.Search()
	line := func(row ...layout.FlexChild) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
		})
	}
	button := func(b *kit.Button, label, hint string) layout.FlexChild {
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Label: label, Hint: hint, Look: kit.Framed, Height: 28}.Layout)
	}
	rows := []layout.FlexChild{
		line(layout.Flexed(1, kit.FieldStyle{Theme: th, Field: &s.expression, Name: "expression to search for", Empty: "n > 10 && peek(12, 40) == red", Mono: true}.Layout), kit.Gap(6),
			button(&s.first, "First", "The first frame at whose end it is so"), kit.Gap(4), button(&s.last, "Last", "The last frame at whose end it is so")),
		kit.Gap(6),
	}
	if done, all, working := look.Progress(); working {
		rows = append(rows, line(layout.Flexed(1, kit.Middle(th.Dimmed(looked(done, all)).Layout)), button(&s.cancel, "Stop looking", "Stay at the moment that is looked at")))
	} else if says := look.Says(); says != "" {
		rows = append(rows, layout.Rigid(th.Body(kit.UpperFirst(says)).Tint(th.Warning).Paragraph().Layout))
	} else {
		rows = append(rows, layout.Rigid(th.Dimmed("Any expression of the program, at the end of each frame").Layout))
	}
	rows = append(rows, kit.Gap(14), line(button(&s.compare, "Compare with a recording…", "Find the first frame and texel that it shows otherwise"), kit.Gap(8), layout.Flexed(1, layout.Spacer{}.Layout)), kit.Gap(6))
	if p := look.Parting(); p != nil {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return parting(gtx, th, p, &s.goes) }))
	}
	kit.Boxed(gtx, image.Rect(gtx.Dp(14), gtx.Dp(4), size.X-gtx.Dp(12), size.Y), func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
	})
	return layout.Dimensions{Size: size}
}

// looked says how far a search is.
func looked(done, all int) string {
	if all == 0 {
		return fmt.Sprintf("looked at %s", kit.Count(done, "frame"))
	}
	return fmt.Sprintf("looked at %s of %s", kit.Thousands(done), kit.Count(all, "frame"))
}

// says is what the head of the timeline has in the place of where one is: how far a
// search is, or that it found nothing.
func says(m *debugger.Model) string {
	if done, all, working := m.Search().Progress(); working {
		return looked(done, all)
	}
	return kit.UpperFirst(m.Search().Says())
}
