package ui

import (
	"image"
	"os"
	"path/filepath"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio"
	"gvpie/app/studio/files"
	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl/picture"
)

// pathDialog asks for a file: a path to type and a folder to look around in.
// It needs nothing of the desktop, so it works wherever the window does.
type pathDialog struct {
	title   string
	verb    string // "Open", "Save"
	of      fileKind
	saving  bool
	path    kit.Field
	files   *files.Folder
	scroll  kit.Scroll
	rows    kit.States[widget.Clickable]
	up      kit.Button
	yes, no kit.Button
	system  kit.Button
	native  func() // asks with the desktop's own dialog; nil without one
	chosen  func(path string)
	focused bool
	checked string        // a path that is known to exist, about to be replaced
	looking bool          // a path is being looked at
	looked  chan pathKind // what it turned out to be
	wake    func()
	says    string // what is wrong with the path, or the question whether to replace
	failed  bool   // says is a refusal, not a question
}

// fileKind is what files a dialog is about.
type fileKind struct {
	title string // of the desktop's dialog that opens one
	name  string // of one: "program"
	exts  []string
}

var (
	programFiles   = fileKind{"Open a program", "program", []string{".pxl"}}
	recordingFiles = fileKind{"Open a recording", "recording", []string{studio.RecordingExt}}
	pictureFiles   = fileKind{"Import a picture", "picture", picture.Exts}
)

// openPathDialog asks for a file to open.
func openPathDialog(of fileKind, verb, dir string, wake func(), chosen func(string)) *pathDialog {
	d := newPathDialog(of.title, verb, dir, false, wake, chosen)
	d.of, d.files.Exts = of, of.exts
	d.files.Open(dir)
	return d
}

func newPathDialog(title, verb, start string, saving bool, wake func(), chosen func(string)) *pathDialog {
	d := &pathDialog{title: title, verb: verb, of: programFiles, saving: saving, chosen: chosen, files: files.NewFolder(wake), wake: wake, looked: make(chan pathKind, 1)}
	dir := start
	if saving {
		if filepath.Ext(start) == studio.RecordingExt {
			d.of = recordingFiles
		}
		dir = filepath.Dir(start)
		d.path.SetText(shorten(start))
		name := []rune(filepath.Base(start))
		all := []rune(d.path.Text())
		d.path.Select(len(all)-len(name), len(all)-len([]rune(filepath.Ext(start))))
	} else {
		d.path.SetText(shorten(dir) + string(filepath.Separator))
	}
	d.files.Open(dir)
	return d
}

func (d *pathDialog) Frame() (width, height, top unit.Dp) { return 600, 480, 0 }

func (d *pathDialog) Update(gtx layout.Context) (done bool) {
	d.files.Pump()
	if !d.focused {
		d.focused = true
		d.path.Focus(gtx)
	}
	changed, entered := d.path.Update(gtx)
	if changed {
		d.says, d.checked = "", ""
		d.follow()
	}
	if d.no.Clicked(gtx) {
		return true
	}
	if d.native != nil && d.system.Clicked(gtx) {
		d.native()
		return true
	}
	if d.up.Clicked(gtx) {
		d.enter(filepath.Dir(d.files.Dir))
	}
	first, last := d.scroll.Visible(len(d.files.Entries))
	for i, e := range d.files.Entries[first:last] {
		c, ok := d.rows.At(first + i).Update(gtx)
		if !ok {
			continue
		}
		path := filepath.Join(d.files.Dir, e.Name)
		if e.Dir {
			d.enter(path)
			return false
		}
		d.path.SetText(shorten(path))
		d.says, d.checked = "", ""
		if c.NumClicks > 1 {
			d.take()
		}
	}
	if entered || d.yes.Clicked(gtx) {
		d.take()
	}
	select {
	case k := <-d.looked:
		d.looking = false
		return d.took(k)
	default:
		return false
	}
}

// follow lists the folder that the typed path is in. A relative path moves
// nothing: it begins in the folder that is shown.
func (d *pathDialog) follow() {
	p := expand(d.path.Text(), "")
	dir := filepath.Dir(p)
	if strings.HasSuffix(p, string(filepath.Separator)) {
		dir = filepath.Clean(p)
	}
	if dir != d.files.Dir && filepath.IsAbs(p) {
		d.files.Open(dir)
	}
}

// typed is the absolute path of what the field says; a relative one begins in
// the folder that is shown.
func (d *pathDialog) typed() string { return expand(strings.TrimSpace(d.path.Text()), d.files.Dir) }

// enter shows another folder; the name typed last stays when saving.
func (d *pathDialog) enter(dir string) {
	name := ""
	if d.saving {
		name = filepath.Base(d.typed())
	}
	d.files.Open(dir)
	d.scroll.ToStart()
	d.path.SetText(strings.TrimSuffix(shorten(dir), string(filepath.Separator)) + string(filepath.Separator) + name)
	d.says, d.checked = "", ""
}

// pathKind is what stands at a path, and around it.
type pathKind struct {
	path                   string
	exists, isDir, hasHome bool // hasHome: the folder it would be in is there
}

// take begins to end the dialog: the path is looked at away from the window's
// goroutine, since a disk may take its time.
func (d *pathDialog) take() {
	p := d.typed()
	if p == "" {
		d.refuse("Type a path, or choose a file.")
		return
	}
	if d.looking {
		return
	}
	d.looking = true
	go func() {
		k := pathKind{path: p}
		info, err := os.Stat(p)
		if k.isDir = err == nil && info.IsDir(); !k.isDir && d.saving && filepath.Ext(p) == "" {
			k.path += d.of.exts[0]
			_, err = os.Stat(k.path)
		}
		k.exists = err == nil
		home, err := os.Stat(filepath.Dir(k.path))
		k.hasHome = err == nil && home.IsDir()
		d.looked <- k
		d.wake()
	}()
}

// took ends the dialog with a path that has been looked at, unless something
// has to be said first.
func (d *pathDialog) took(k pathKind) (done bool) {
	switch {
	case k.isDir:
		d.enter(k.path)
	case !d.saving && !k.exists:
		d.refuse("There is no file " + k.path + ".")
	case d.saving && !k.hasHome:
		d.refuse("There is no folder " + filepath.Dir(k.path) + ".")
	case d.saving && k.exists && d.checked != k.path:
		d.checked, d.failed = k.path, false
		d.says = filepath.Base(k.path) + " exists. Press Replace to write over it."
	default:
		d.chosen(k.path)
		return true
	}
	return false
}

func (d *pathDialog) refuse(why string) { d.says, d.failed, d.checked = why, true, "" }

func (d *pathDialog) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	semantic.DescriptionOp(d.title).Add(gtx.Ops)
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		title := th.Strong(d.title)
		title.Size = 15
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Flexed(1, title.Layout),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions {
						if d.native == nil {
							return layout.Dimensions{}
						}
						return kit.ButtonStyle{Theme: th, Button: &d.system, Label: "System dialog…", Height: 24}.Layout(gtx)
					}))
			}), kit.Gap(12),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.up, Name: "folder above", Icon: kit.IconUp, Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
					layout.Flexed(1, kit.FieldStyle{Theme: th, Field: &d.path, Name: "path", Empty: "Path of a " + d.of.name, Mono: true}.Layout))
			}), kit.Gap(8),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return d.layoutFiles(gtx, th) }), kit.Gap(12),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return d.layoutFoot(gtx, th) }),
		)
	})
}

func (d *pathDialog) layoutFiles(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	r := image.Rectangle{Max: size}
	kit.FillRound(gtx, r, kit.Corner, th.Window)
	kit.Outline(gtx, r, kit.Corner, 1, th.Line)
	switch {
	case d.files.Err != nil && !d.files.Loading:
		return kit.Empty(gtx, th, kit.IconWarning, "This folder cannot be read", d.files.Dir)
	case len(d.files.Entries) == 0:
		return kit.Empty(gtx, th, kit.IconFolder, "No folders or "+d.of.name+"s here", "")
	}
	kit.Boxed(gtx, r.Inset(gtx.Dp(4)), func(gtx layout.Context) layout.Dimensions {
		return d.scroll.Layout(gtx, th, len(d.files.Entries), func(gtx layout.Context, i int) layout.Dimensions {
			e := d.files.Entries[i]
			icon := kit.IconFile
			if e.Dir {
				icon = kit.IconFolder
			}
			selected := filepath.Join(d.files.Dir, e.Name) == d.typed()
			return kit.RowStyle{Theme: th, Click: d.rows.At(i), Label: e.Name, Icon: icon, Selected: selected}.Layout(gtx)
		})
	})
	return layout.Dimensions{Size: size}
}

func (d *pathDialog) layoutFoot(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	verb, ink := d.verb, th.Warning
	if d.checked != "" {
		verb = "Replace"
	}
	if d.failed {
		ink = th.Error
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, th.Dimmed(d.says).Tint(ink).Layout), kit.Gap(8),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.no, Label: "Cancel", Look: kit.Framed, Height: 32}.Layout), kit.Gap(8),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &d.yes, Label: verb, Look: kit.Primary, Height: 32}.Layout),
	)
}

// expand makes a typed path absolute, a relative one from dir on; ~ is the home
// folder. A path typed after the one that stood there, which shows as two slashes
// or as /~, takes its place.
func expand(p, dir string) string {
	if p == "" {
		return ""
	}
	if i := max(strings.LastIndex(p, "//"), strings.LastIndex(p, "/~/")); i >= 0 && filepath.Separator == '/' {
		p = p[i+1:]
	}
	if p == "~" || strings.HasPrefix(p, "~"+string(filepath.Separator)) {
		if home, err := os.UserHomeDir(); err == nil {
			rest := p[1:]
			p = home + rest
		}
	}
	if filepath.IsAbs(p) {
		return p
	}
	abs := filepath.Join(dir, p)
	if strings.HasSuffix(p, string(filepath.Separator)) {
		abs += string(filepath.Separator)
	}
	return abs
}

// shorten writes the home folder as ~.
func shorten(p string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "" || home == string(filepath.Separator) {
		return p
	}
	if p == home || strings.HasPrefix(p, home+string(filepath.Separator)) {
		return "~" + p[len(home):]
	}
	return p
}
