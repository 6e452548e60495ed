package ui

import (
	"image"
	"path/filepath"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
	spritedialog "gvpie/app/ui/sprites"
)

// drawSprite opens the sprite editor for what stands at the caret: a sprite, or the name of
// one.
func (w *Workbench) drawSprite() {
	line, _, _ := w.code.caret()
	if s, ok := w.code.front().edit.SpriteNamed(); ok {
		line = s.Line + 1
	}
	w.drawSpriteOn(line)
}

// drawSpriteOn opens the sprite editor for the sprite that has a row or its directive on a
// line.
func (w *Workbench) drawSpriteOn(line int) {
	const about = "sprites"
	d := w.model.Active()
	s, ok := w.code.front().edit.SpriteAt(line)
	if !ok {
		w.model.Tell(about, notice.Done, "No sprite stands at the caret: put it on a .sprite, on one of its rows, or on its name.")
		return
	}
	text := strings.Split(d.Text(), "\n")
	sheet, err := sprites.Read(s, func(i int) string { return text[i] })
	if err != nil {
		w.model.Tell(about, notice.Problem, kit.UpperFirst(err.Error())+".")
		return
	}
	w.model.Over(about)
	w.dialogs.open(spritedialog.New(sheet, &w.pictures, func(drawn *sprites.Sheet) {
		if after, ok := drawn.Rewrite(d.Text(), s.Line); ok && w.code.putIn(d, after) {
			return
		}
		w.model.Tell(about, notice.Problem, kit.UpperFirst(s.Name)+" is not in the text any more as it was: what was drawn was left out.")
	}))
}

// importPicture asks for a picture, and what it is to become at the caret.
func (w *Workbench) importPicture() {
	const about = "pictures"
	d := w.model.Active()
	w.documents.askPicture(func(path string) {
		studio.LoadPicture(w.model, path, func(img image.Image, err error) {
			if err != nil {
				w.model.Tell(about, notice.Problem, kit.UpperFirst(err.Error())+".")
				return
			}
			w.model.Over(about)
			w.askImport(d, path, img, func(text string) (string, int) {
				line, _, _ := w.code.caret()
				return text, line
			})
		})
	})
}

// offerPicture offers to import the picture whose path or address was pasted. Where it is
// none the text stays, which it does also until something is chosen.
func (w *Workbench) offerPicture(offset int, pasted string) {
	d, dir := w.model.Active(), ""
	if d.Path != "" {
		dir = filepath.Dir(d.Path)
	}
	path, ok := sprites.PicturePath(pasted, dir)
	if !ok {
		return
	}
	studio.LoadPicture(w.model, path, func(img image.Image, err error) {
		if err != nil || w.dialogs.front != nil || w.model.Active() != d {
			return
		}
		w.askImport(d, path, img, func(text string) (string, int) {
			line := strings.Count(text[:min(offset, len(text))], "\n") + 1
			if strings.HasPrefix(text[min(offset, len(text)):], pasted) {
				text = text[:offset] + text[offset+len(pasted):] // the source stands for it
			}
			return text, line
		})
	})
}

// askImport asks what a picture is to become, and puts that into a document, where at says:
// in which text, before which line.
func (w *Workbench) askImport(d *studio.Document, path string, img image.Image, at func(text string) (string, int)) {
	w.dialogs.open(spritedialog.NewImport(sprites.NewImport(path, img), &w.pictures, func(source string) {
		text, line := at(d.Text())
		after, line := sprites.Place(text, line, source)
		if w.code.putIn(d, after) && w.model.Active() == d {
			w.code.gotoLine(line, 1)
		}
	}))
}
