package kit_test

import (
	"bytes"
	"image"
	"sync/atomic"
	"testing"

	"gioui.org/layout"

	"gvpie/app/ui/kit"
	"gvpie/app/ui/kit/kittest"
)

// Two letters look the same as long as there is no font for them.
func TestCharactersThatTheFontsLackComeFromTheSystems(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	const letters = "عس"
	w := kittest.New(t, 64, 64, 1)
	text := "plain…"
	take := false // the fonts that have come
	var came atomic.Int32
	w.Theme.WithSystemFonts(func() { came.Add(1); w.Wake() })
	embedded := w.Theme.Shaper
	w.Widget = func(gtx layout.Context) {
		if take {
			w.Theme.TakeFonts()
		}
		kit.Fill(gtx, image.Rectangle{Max: w.Size}, w.Theme.Window)
		w.Theme.Body(text).Layout(gtx)
	}
	look := func(s string) []byte {
		text = s
		w.Frame()
		return w.Shoot("letter").Pix
	}
	look(text)
	if boxes := bytes.Equal(look(letters[:2]), look(letters[2:])); !boxes {
		t.Fatal("the embedded fonts have the letters: they test nothing")
	}
	take = true
	w.Until("the system's fonts are there", func() bool { return w.Theme.Shaper != embedded })
	if bytes.Equal(look(letters[:2]), look(letters[2:])) {
		t.Skip("no font of this system has the letters; on Debian or Ubuntu: apt-get install fonts-dejavu-core")
	}
	if n := came.Load(); n != 1 {
		t.Errorf("the system's fonts came %d times", n)
	}
}
