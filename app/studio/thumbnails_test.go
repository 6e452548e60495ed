package studio

import (
	"bytes"
	"image"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// handThumbnails are made without a clock: a program moves when the test says.
func handThumbnails(t *testing.T) (th *Thumbnails, ticks chan time.Time, until func(what string, ok func() bool)) {
	woken := make(chan struct{}, 1)
	th = NewThumbnails(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	ticks = make(chan time.Time)
	th.now = func() time.Time { return time.Time{} }
	th.tick = func(time.Duration) <-chan time.Time { return ticks }
	th.SetSizes([2]image.Point{{30, 20}, {120, 60}})
	return th, ticks, func(what string, ok func() bool) {
		t.Helper()
		for th.Pump(); !ok(); th.Pump() {
			select {
			case <-woken:
			case <-time.After(2 * time.Minute):
				t.Fatal("it never came to this: ", what)
			}
		}
	}
}

const (
	movingThumb = ".canvas 64 64 pixel\nSET x = 0\nagain:\nCLS navy\nRECT x 8 8 8 red\nSET x = x + 1\nFRAME\nJMP again\n"
	stillThumb  = ".canvas 32 64 pixel\nCLS red\nHALT\n"
)

func TestThumbnailsAreMadeOnceInBothSizes(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	th, _, until := handThumbnails(t)
	defer th.Close()
	until("both are there", func() bool {
		return th.Of("moving", movingThumb)[1] != nil && th.Of("still", stillThumb)[1] != nil
	})
	for i, want := range []image.Point{{10, 20}, {30, 60}} {
		img := th.Of("still", stillThumb)[i]
		if img.Rect.Size() != want {
			t.Errorf("picture %d is %v large, want %v", i, img.Rect.Size(), want)
		}
		if r, g, b, _ := img.At(want.X/2, want.Y/2).RGBA(); r>>8 != 255 || g != 0 || b != 0 {
			t.Errorf("picture %d is %d %d %d", i, r>>8, g>>8, b>>8)
		}
	}
	was := th.Of("still", stillThumb)
	th.SetSizes([2]image.Point{{60, 40}, {120, 60}})
	until("it is larger", func() bool {
		p := th.Of("still", stillThumb)
		return p != was && p[0].Rect.Dy() == 40
	})
}

func TestTheThumbnailUnderThePointerMoves(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	th, ticks, until := handThumbnails(t)
	defer th.Close()
	picture := func() []byte {
		if p := th.Of("moving", movingThumb)[1]; p != nil {
			return p.Pix
		}
		return nil
	}
	until("it is there", func() bool { return picture() != nil })
	for range 3 {
		was := picture()
		th.Move("moving", movingThumb)
		ticks <- time.Time{}
		until("it has moved", func() bool { return !bytes.Equal(picture(), was) })
	}
	th.Move("", "")
	until("another is made", func() bool { return th.Of("still", stillThumb)[1] != nil })
	th.Move("still", stillThumb) // it has ended, and waits for no tick
	th.Move("moving", movingThumb)
	was := picture()
	ticks <- time.Time{}
	until("it moves again", func() bool { return !bytes.Equal(picture(), was) })
}

func TestAProgramThatDoesNotAssembleHasNoThumbnail(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	th, _, until := handThumbnails(t)
	defer th.Close()
	th.Of("wrong", "RECT\n")
	until("the next is made", func() bool { return th.Of("still", stillThumb)[1] != nil })
	if th.Of("wrong", "RECT\n")[1] != nil {
		t.Error("there is a picture of it")
	}
	var none *Thumbnails
	none.Pump()
	none.Move("a", "")
	none.SetSizes([2]image.Point{})
	none.Close()
	if none.Of("a", "") != (Thumbnail{}) {
		t.Error("none has a picture")
	}
}
