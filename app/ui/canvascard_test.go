package ui

import (
	"fmt"
	"image"
	"testing"

	"gvpie/app/studio"
	"gvpie/app/ui/debugger"
	"gvpie/app/ui/kit/kittest"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/machine"
)

// card says what the card beside the pointer reads, "" where there is none.
func (d *desk) card(texts ...string) bool {
	if _, ok := d.Find("card of the texel"); !ok {
		return false
	}
	for _, text := range texts {
		if _, ok := d.Find(text); !ok {
			return false
		}
	}
	return true
}

// onView is the middle of a display texel in a view.
func (d *desk) onView(slot, x, y int) image.Point {
	d.T.Helper()
	v := d.bench.canvases.views[slot]
	area := v.canvas.Area(x, y)
	return d.MustFind(v.name() + " view").Bounds.Min.Add(area.Min.Add(area.Max).Div(2))
}

func TestACardSaysWhatTheTexelUnderThePointerIs(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		x, y          int
		texts         []string
		look          func(d *desk)
	}{
		{"panel", 1440, 900, 4, 1, []string{"'P' 0x50", "cell 4, 1 · ", "Who drew this?"}, nil},
		{"plasma", 800, 600, 20, 20, []string{"texel 20, 20 · ", "Who drew this?"}, nil},
		{"panel", 1440, 900, 40, 12, []string{"cell 40, 12 · "}, func(d *desk) { d.bench.action("theme.light").Invoke() }},
	} {
		d := newDesk(t, tt.width, tt.height, 1)
		d.openExample(tt.name)
		d.awaitPictures()
		if tt.look != nil {
			tt.look(d)
		}
		d.Press("F11")
		look := d.model.Debugger()
		d.Until("it is paused, and looked at", func() bool { return look.Now() != nil && !look.Busy() })
		d.awaitPictures()
		for _, slot := range []int{humanSlot, machineSlot} {
			d.MoveTo(d.onView(slot, tt.x, tt.y))
			d.Until("the card is there", func() bool { return d.card(tt.texts...) && look.Pointer().Layers() != nil })
			d.Frame()
			d.Shoot(fmt.Sprint("card_", tt.name, tt.x, "_", d.bench.canvases.views[slot].name()))
			for _, v := range d.bench.canvases.views {
				if v.shown && v.asked.Mark.Empty() {
					t.Errorf("%s: the %s view does not mark the texel", tt.name, v.name())
				}
			}
		}
		d.MoveTo(kittest.Center(d.MustFind("program text")))
		if d.card() {
			t.Errorf("%s: over the text there is a card", tt.name)
		}
	}
}

func TestTheCardOfARunningProgramWaits(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.awaitPictures()
	at := d.onView(humanSlot, 20, 20)
	d.MoveTo(at)
	d.Frame()
	if d.card() {
		t.Error("a card opens while the pointer moves")
	}
	d.Until("it opens where the pointer rests", func() bool { d.Now = d.Now.Add(debugger.CardDelay); return d.card() })
	d.ClickAt(at)
	d.Until("it is played, and there is none", func() bool { return d.bench.canvases.playing() && !d.card() })
}

func TestABlockOfATexelIsListedInTheWindow(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.model.Edit(".canvas 64 36 pixel\nEACH\n  SET v = px * 4 + py\n  IF v > 100\n    SET v = v / 3\n    IF v > 60\n      SET v = 255\n    END\n  END\n  PUT rgb(v, 40, 255 - v)\nEND\nCIRC 20 20 5 red\nHALT\n")
	d.bench.code.front().rev = 0
	d.awaitPictures()
	d.MoveTo(d.onView(humanSlot, 20, 20))
	d.Press("Ctrl-D")
	who := d.model.Debugger()
	d.Until("it is found", func() bool { return who.Who() != nil && who.Who().Frame >= 0 && !who.Busy() })
	d.awaitPictures()
	if len(who.Who().Touches) != 2 || !who.Who().Touches[0].Covered {
		t.Fatalf("%d commands", len(who.Who().Touches))
	}
	d.Click("EACH")
	d.Until("the block is open", func() bool { _, ok := d.Find("SET v = 255"); return ok && !who.Busy() })
	d.Shoot("block")
}

func TestTheBadgeLeadsToTheTexelThatDiffers(t *testing.T) {
	gpu := enginetest.NewGPU()
	gpu.Spoil = func(page machine.Page, words []uint32) {
		if page == machine.DisplayPage {
			words[12*64+20]++
		}
	}
	d := newDeskOf(t, 1440, 900, 1, studio.Config{GPU: gpu})
	d.model.NewDocument()
	d.model.Edit(".canvas 64 36 pixel\nCLS navy\nCIRC 20 12 5 red\nHALT\n")
	d.bench.code.front().rev = 0
	d.Until("the difference is told of", func() bool { _, ok := d.Find("CPU≠GPU"); return ok })
	d.awaitPictures()
	d.Click("CPU and GPU")
	d.MustFind(d.model.Parity().String())
	d.Shoot("parity")
	d.Click("Go to the texel in which CPU and GPU differ")
	look := d.model.Debugger()
	d.Until("it is asked who drew it", func() bool { return look.Who() != nil && look.Who().Frame >= 0 })
	if who := look.Who(); who.X != 20 || who.Y != 12 || who.Chosen.Text != "CIRC 20 12 5 red" {
		t.Errorf("%+v", who)
	}
}
