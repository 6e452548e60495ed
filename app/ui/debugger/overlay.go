package debugger

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// Overlay lays a number of each texel over the canvas, as a colour, with a legend that
// says what the colours are and which number the pointer is on.
type Overlay struct {
	Model  *studio.Model
	Action func(id string) *studio.Action
	menu   kit.Menu
	field  kit.Field
	off    kit.Button
	was    debugger.OverlayKind // in the frame before
	asks   bool                 // the field is to have the keyboard
	shown  *debugger.Overlay
	image  paint.ImageOp // of shown
	mark   mark
	held   bool // the key of all frames is down
	height int  // of the legend, with what is around it; 0 where there is none
}

// overlays are the choices, as the menu and the palette name them.
var overlays = []struct {
	kind  debugger.OverlayKind
	id    string
	title string
}{
	{debugger.Heat, "overlay.heat", "Cycles a texel"},
	{debugger.Overdraw, "overlay.overdraw", "Commands a texel"},
	{debugger.Changed, "overlay.changed", "Changed since the frame before"},
	{debugger.Against, "overlay.against", "Otherwise in another branch"},
	{debugger.Processors, "overlay.processors", "Otherwise on the GPU"},
	{debugger.Expression, "overlay.expression", "An expression of EACH…"},
}

// overlayActions show the overlays, and take them away.
func overlayActions(m *studio.Model) (all []*studio.Action) {
	d := m.Debugger()
	for _, o := range overlays {
		shown := func() bool { return d.Now() != nil && d.Overlays().Kind() == o.kind }
		all = append(all, &studio.Action{
			ID: o.id, Title: "Overlay: " + o.title, Enabled: func() bool { return d.Now() != nil }, Checked: shown,
			Do: func() {
				if shown() {
					d.Overlays().Show(debugger.NoOverlay)
					return
				}
				d.Overlays().Show(o.kind)
			},
		})
	}
	caret := func() *debugger.Caret { return d.Overlays().Caret() }
	costs := func() *debugger.Costs { return d.Overlays().Costs() }
	return append(all, &studio.Action{
		ID: allAction, Title: "While paused, mark what the caret's line drew in all frames so far", Keys: "Ctrl-L", Enabled: func() bool { return d.Now() != nil },
		Checked: func() bool { return caret().All() }, Do: func() { caret().ShowAll(!caret().All()) },
	}, &studio.Action{
		ID: markAction, Title: "While paused, mark what the caret's line drew", Checked: func() bool { return caret().Shown() },
		Do: func() { caret().Show(!caret().Shown()) },
	}, &studio.Action{
		ID: costsAction, Title: "While paused, show hits and cost of each line", Checked: func() bool { return costs().Shown() },
		Do: func() { costs().Show(!costs().Shown()) },
	})
}

// Update takes in input, and has what is to be shown found. line is the caret's, in the
// program's file at path; 0 where what it drew is not to be marked.
func (o *Overlay) Update(gtx layout.Context, path string, line int) {
	of := o.Model.Debugger().Overlays()
	if i, ok := o.menu.Chosen(gtx, o.items()); ok {
		o.Action(o.id(i)).Invoke()
	}
	if o.off.Clicked(gtx) {
		of.Show(debugger.NoOverlay)
		of.Caret().ShowAll(false)
	}
	o.hold(gtx, of.Caret())
	if _, entered := o.field.Update(gtx); entered {
		of.Express(o.field.Text())
	}
	switch kind := of.Kind(); {
	case kind != o.was:
		o.was = kind
		if o.asks = kind == debugger.Expression; o.asks {
			o.field.SetText(of.Text())
			gtx.Execute(op.InvalidateCmd{})
		}
	case o.asks: // a frame later: the menu that it was chosen from gives the keyboard back first
		o.asks = false
		o.field.Focus(gtx)
	}
	of.Update()
	of.Caret().Update(path, line)
}

// Open says whether the menu is down.
func (o *Overlay) Open() bool { return o.menu.Open() }

func (o *Overlay) items() []kit.MenuItem {
	items := make([]kit.MenuItem, len(overlays), len(overlays)+3)
	for i, c := range overlays {
		items[i] = kit.MenuItem{Label: c.title, Checked: o.Model.Debugger().Overlays().Kind() == c.kind}
	}
	of := o.Model.Debugger().Overlays()
	return append(items, kit.MenuItem{},
		kit.MenuItem{Label: "What the caret's line drew", Checked: of.Caret().Shown()},
		kit.MenuItem{Label: "Hits and cost of each line", Checked: of.Costs().Shown()})
}

// id is the action of a line of the menu.
func (o *Overlay) id(item int) string {
	switch at := item - len(overlays); {
	case at < 0:
		return overlays[item].id
	case at == 1: // behind the rule
		return markAction
	}
	return costsAction
}

// Button is the menu of overlays, while the debugger looks at the program.
func (o *Overlay) Button(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	d := o.Model.Debugger()
	if d.Now() == nil {
		return layout.Dimensions{}
	}
	return kit.MenuStyle{Theme: th, Menu: &o.menu, Items: o.items(), Right: true, Width: 260}.Layout(gtx,
		kit.ButtonStyle{Name: "overlays", Icon: kit.IconLayers, Height: 24, Hint: "Numbers of the texels as colours over the picture", Selected: d.Overlays().Kind() != debugger.NoOverlay})
}

// Layout lays the overlay over a canvas on which the first display texel begins at corner,
// and each is as large as texel.
func (o *Overlay) Layout(gtx layout.Context, corner image.Point, texel f32.Point) {
	of := o.Model.Debugger().Overlays()
	found := of.Found()
	if found == nil {
		o.mark.layout(gtx, of.Caret().Mark(), corner, texel)
		return
	}
	if o.shown != found {
		o.shown, o.image = found, paint.NewImageOp(found.Picture)
		o.image.Filter = paint.FilterNearest
	}
	overTexels(gtx, o.image, corner, texel)
}

// overTexels draws an image with a pixel a texel over a canvas.
func overTexels(gtx layout.Context, image paint.ImageOp, corner image.Point, texel f32.Point) {
	defer op.Affine(f32.NewAffine2D(texel.X, 0, float32(corner.X), 0, texel.Y, float32(corner.Y))).Push(gtx.Ops).Pop()
	defer clip.Rect{Max: image.Size()}.Push(gtx.Ops).Pop()
	image.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
}

// Legend says in the lower right corner of a canvas what the overlay is. x, y is the texel
// that the pointer is on, if on is set.
func (o *Overlay) Legend(gtx layout.Context, th *kit.Theme, x, y int, on bool) {
	of := o.Model.Debugger().Overlays()
	o.height = 0
	if of.Kind() == debugger.NoOverlay && !of.Caret().All() || o.Model.Debugger().Now() == nil {
		return
	}
	size, margin := gtx.Constraints.Max, gtx.Dp(8)
	m := op.Record(gtx.Ops)
	inner := gtx
	inner.Constraints = layout.Constraints{Max: image.Pt(min(gtx.Dp(280), size.X*2/3), size.Y)}
	d := layout.Inset{Left: 10, Right: 6, Top: 4, Bottom: 8}.Layout(inner, func(gtx layout.Context) layout.Dimensions {
		return o.legend(gtx, th, x, y, on)
	})
	content := m.Stop()
	if d.Size.Y+2*margin > size.Y {
		return
	}
	o.height = d.Size.Y + margin
	kit.At(gtx, size.Sub(d.Size).Sub(image.Pt(margin, margin)), func(gtx layout.Context) layout.Dimensions {
		kit.Card(gtx, th, d.Size)
		defer clip.Rect{Max: d.Size}.Push(gtx.Ops).Pop()
		semantic.LabelOp("legend of the overlay").Add(gtx.Ops)
		content.Add(gtx.Ops)
		return d
	})
}

// Height is how much of the lower end of the canvas the legend takes.
func (o *Overlay) Height() int { return o.height }

func (o *Overlay) legend(gtx layout.Context, th *kit.Theme, x, y int, on bool) layout.Dimensions {
	of := o.Model.Debugger().Overlays()
	if of.Kind() == debugger.NoOverlay {
		return o.written(gtx, th, of.Caret(), x, y, on)
	}
	found := of.Found()
	title := ""
	for _, c := range overlays {
		if c.kind == of.Kind() {
			title = c.title
		}
	}
	rows := []layout.FlexChild{layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Pt(gtx.Constraints.Max.X, gtx.Dp(24))
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Flexed(1, th.Strong(title).Layout),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &o.off, Name: "no overlay", Icon: kit.IconClose, Height: 22}.Layout))
	})}
	if of.Kind() == debugger.Expression {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Inset{Right: 4, Bottom: 4}.Layout(gtx, kit.FieldStyle{Theme: th, Field: &o.field, Name: "expression of texels", Empty: "v, or v > 10", Mono: true}.Layout)
		}))
	}
	says := "looking…"
	switch {
	case of.Problem() != "":
		says = kit.UpperFirst(of.Problem())
	case of.Kind() == debugger.Expression && of.Text() == "":
		says = "Return shows it"
	case found != nil && found.With != "" && found.Texels == 0:
		says = fmt.Sprintf("Frame %d is the same %s", found.Frame, found.With)
	case found != nil && found.Texels == 0:
		says = "No texel of frame " + fmt.Sprint(found.Frame)
	case found != nil:
		says = o.under(found, x, y, on)
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return scale(gtx, th, found) }))
	}
	l := th.Small(says, th.Text)
	l.Lines, l.Line = 3, 17
	rows = append(rows, kit.Gap(2), layout.Rigid(l.Layout))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// under is what the legend says of the texel that the pointer is on, or of all.
func (o *Overlay) under(l *debugger.Overlay, x, y int, on bool) string {
	if !on && l.With != "" {
		return fmt.Sprintf("%s of frame %d, otherwise %s", kit.Count(l.Texels, "texel"), l.Frame, l.With)
	}
	if !on {
		return fmt.Sprintf("%s of frame %d", kit.Count(l.Texels, "texel"), l.Frame)
	}
	n, ok := l.At(x, y)
	switch here, there, differs := l.Differs(x, y); {
	case differs:
		return fmt.Sprintf("%d, %d: %s here, %s %s", x, y, here, there, l.With)
	case l.With != "":
		return fmt.Sprintf("%d, %d: the same", x, y)
	case !ok && l.Kind == debugger.Changed:
		return fmt.Sprintf("%d, %d: as it was", x, y)
	case !ok:
		return fmt.Sprintf("%d, %d: none", x, y)
	case l.Kind == debugger.Changed:
		return fmt.Sprintf("%d, %d: changed", x, y)
	}
	return fmt.Sprintf("%d, %d: %s", x, y, kit.Thousands(n))
}

// scale draws the colours from the least number to the most.
func scale(gtx layout.Context, th *kit.Theme, l *debugger.Overlay) layout.Dimensions {
	if l.Kind == debugger.Changed || l.With != "" {
		return layout.Dimensions{}
	}
	size := image.Pt(gtx.Constraints.Max.X-gtx.Dp(4), gtx.Dp(8))
	const steps = 64
	for i := range steps {
		c := debugger.OverlayColor(int32(i), 0, steps-1)
		kit.Fill(gtx, image.Rect(i*size.X/steps, 0, (i+1)*size.X/steps, size.Y), color.NRGBA(c))
	}
	ends := image.Rect(0, size.Y, size.X, size.Y+gtx.Dp(20))
	kit.Boxed(gtx, ends, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Spacing: layout.SpaceBetween, Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(th.Mono(kit.Thousands(l.Low)).Layout), layout.Rigid(th.Mono(kit.Thousands(l.High)).Layout))
	})
	return layout.Dimensions{Size: ends.Max}
}
