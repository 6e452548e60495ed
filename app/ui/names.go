package ui

import (
	"fmt"
	"path/filepath"
	"slices"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
)

// Names of programs: where they are declared, everywhere they stand, and another
// spelling for them, over all files of a program.

// gotoDefinition goes to where the name at the caret is declared.
func (c *codePane) gotoDefinition() { c.front().edit.GotoDefinition() }

// gotoElsewhere goes to where what stands at a byte of a document is declared, which
// is not there: in another file of the program, or it is the path of one.
func (c *codePane) gotoElsewhere(d *studio.Document, offset int) {
	if path, ok := studio.IncludedAt(c.model.Documents, d, offset); ok {
		c.gotoFile(path, 1, 1)
		return
	}
	if r, ok := studio.FindReferences(c.model.Documents, d, offset); ok && r.Declared.Path != d.Path {
		c.gotoFile(r.Declared.Path, r.Declared.Line, r.Declared.Column)
	}
}

// references finds the name at the caret and everywhere it stands; without one it
// says so.
func (c *codePane) references() (r studio.References, ok bool) {
	const about = "names"
	d := c.model.Active()
	if r, ok = studio.FindReferences(c.model.Documents, d, c.front().edit.Offset()); !ok {
		c.model.Tell(about, notice.Done, "No name of the program stands at the caret.")
		return r, false
	}
	c.model.Over(about)
	return r, true
}

// showReferences lists where the name at the caret stands.
func (w *Workbench) showReferences() {
	r, ok := w.code.references()
	if !ok {
		return
	}
	var list []*studio.Action
	for _, at := range r.All {
		title := fmt.Sprintf("%d: %s", at.Line, at.Text)
		if at.Path != "" {
			title = filepath.Base(at.Path) + ":" + title
		}
		a := &studio.Action{Title: title, Do: func() {
			if at.Path == "" {
				w.code.gotoLine(at.Line, at.Column)
			} else {
				w.code.gotoFile(at.Path, at.Line, at.Column)
			}
			w.code.focus()
		}}
		if at == r.Declared {
			a.Keys = "declared"
		}
		list = append(list, a)
	}
	p := newPalette(list, nil)
	p.name, p.empty, p.none = "find a reference", fmt.Sprintf("%s to %s", kit.Count(len(list), "reference"), r.Name), "No line holds that"
	w.dialogs.open(p)
}

// askRename asks for another spelling of the name at the caret.
func (w *Workbench) askRename() {
	if r, ok := w.code.references(); ok {
		d := &renameDialog{references: r, code: w.code}
		d.field.SetText(r.Name)
		d.field.Select(0, len([]rune(r.Name)))
		w.dialogs.open(d)
	}
}

// renameDialog asks for a name's other spelling.
type renameDialog struct {
	references studio.References
	code       *codePane
	field      kit.Field
	yes, no    kit.Button
	focused    bool
	says       string // what is in the way
}

func (d *renameDialog) Frame() (width, height, top unit.Dp) { return 420, 168, 0 }

func (d *renameDialog) Update(gtx layout.Context) (done bool) {
	if !d.focused {
		d.focused = true
		d.field.Focus(gtx)
	}
	changed, entered := d.field.Update(gtx)
	if changed {
		d.says = ""
	}
	if d.no.Clicked(gtx) {
		return true
	}
	if !d.yes.Clicked(gtx) && !entered {
		return false
	}
	rewrites, err := d.references.Rename(d.field.Text())
	if err != nil {
		d.says = kit.UpperFirst(err.Error()) + "."
		return false
	}
	d.code.rewrite(rewrites)
	return true
}

func (d *renameDialog) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	title := fmt.Sprintf("Rename %s: %s", d.references.Name, kit.Count(len(d.references.All), "place"))
	semantic.DescriptionOp(title).Add(gtx.Ops)
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(th.Strong(title).Layout), kit.Gap(10),
			layout.Rigid(kit.FieldStyle{Theme: th, Field: &d.field, Name: "new name", Mono: true}.Layout), kit.Gap(6),
			layout.Flexed(1, th.Dimmed(d.says).Tint(th.Error).Layout),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle, Spacing: layout.SpaceStart}.Layout(gtx,
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.no, Label: "Cancel", Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.yes, Label: "Rename", Look: kit.Primary, Height: 32}.Layout),
				)
			}),
		)
	})
}

// renaming is a rename that waits for files to be opened.
type renaming struct {
	rewrites []studio.Rewrite // not made yet
	back     int              // ID of the document to return to
}

// renamed is the texts before and after a rename, by document. Taking it back in one
// takes it back in all.
type renamed struct {
	texts  map[int]studio.Rewrite
	undone bool
}

// rewrite changes files as a rename does, each in one step of undo. Those that are not
// open are opened.
func (c *codePane) rewrite(list []studio.Rewrite) {
	c.renamed = renamed{texts: make(map[int]studio.Rewrite)}
	c.renaming = renaming{rewrites: list, back: c.model.Active().ID}
	c.renaming.goOn(c)
}

// goOn makes the changes of files that are open, and opens the next.
func (r *renaming) goOn(c *codePane) {
	if len(r.rewrites) == 0 {
		return
	}
	front := c.model.ActiveIndex()
	r.rewrites = slices.DeleteFunc(r.rewrites, func(w studio.Rewrite) bool {
		for i, d := range c.model.Docs() {
			if d.Path == w.Path && (w.Path != "" || d.ID == r.back) {
				c.put(i, w.Before, w.After)
				c.renamed.texts[d.ID] = w
				return true
			}
		}
		return false
	})
	c.model.SetActive(front)
	if len(r.rewrites) > 0 {
		if next := r.rewrites[0].Path; c.going != next {
			c.gotoFile(next, 1, 1)
		}
		return
	}
	for i, d := range c.model.Docs() {
		if d.ID == r.back {
			c.model.SetActive(i)
		}
	}
	c.focus()
}

// putIn gives an open document another text, as one step of undo, and leaves the one in
// front there. False where it is not open any more.
func (c *codePane) putIn(d *studio.Document, after string) bool {
	i, front := slices.Index(c.model.Docs(), d), c.model.ActiveIndex()
	if i < 0 {
		return false
	}
	c.put(i, d.Text(), after)
	c.model.SetActive(front)
	return d.Text() == after
}

// put gives a document another text, as one step of undo. One that was edited since is
// left alone.
func (c *codePane) put(i int, before, after string) {
	c.model.SetActive(i)
	o, d := c.front(), c.model.Active()
	c.take(o, d)
	if d.Text() != before || o.edit.Text() != before {
		return
	}
	from, end, same := 0, len(before), min(len(before), len(after))
	for from < same && before[from] == after[from] {
		from++
	}
	for end > from && end+len(after)-len(before) > from && before[end-1] == after[end+len(after)-len(before)-1] {
		end--
	}
	o.edit.Replace(from, end, after[from:end+len(after)-len(before)])
	c.model.Edit(o.edit.Text())
}

// follow takes the rename back in every document once it was taken back in one, and
// makes it again likewise.
func (r *renamed) follow(c *codePane, d *studio.Document) {
	w, ok := r.texts[d.ID]
	if !ok || d.Text() != map[bool]string{false: w.Before, true: w.After}[r.undone] {
		return
	}
	r.undone = !r.undone
	front := c.model.ActiveIndex()
	for i, other := range c.model.Docs() {
		w, ok := r.texts[other.ID]
		is, to := w.After, w.Before
		if !r.undone {
			is, to = to, is
		}
		if !ok || other == d || other.Text() != is {
			continue
		}
		c.model.SetActive(i)
		o := c.front()
		if r.undone {
			o.edit.Undo()
		} else {
			o.edit.Redo()
		}
		if o.edit.Text() == to {
			c.model.Edit(to)
			continue
		}
		o.edit.Replace(0, len(o.edit.Text()), is) // its last step was another
		c.put(i, is, to)
	}
	c.model.SetActive(front)
}
