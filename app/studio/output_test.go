package studio

import (
	"image"
	"testing"

	"pgregory.net/rapid"
)

// What the window holds is what it took last and what it took before that, which
// may still be on its screen. Whatever player and window do in turn, the player
// draws into neither, nor into the picture that is next.
func TestAPictureOnScreenIsNotDrawnInto(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o output
		held := map[*image.RGBA]byte{} // what its first byte was when it was taken
		var front, before, drawing *image.RGBA
		drawn, lastGen := byte(0), uint64(0)
		side := 4
		t.Repeat(map[string]func(*rapid.T){
			"draw": func(t *rapid.T) {
				if drawing != nil {
					t.Skip()
				}
				drawing = o.image(1, side, side)
				if drawing.Rect.Dx() != side {
					t.Fatalf("an image of %v, %d asked for", drawing.Rect, side)
				}
				drawn++
				drawing.Pix[0] = drawn
			},
			"put": func(t *rapid.T) {
				if drawing == nil {
					t.Skip()
				}
				o.publish(result{}, [Slots]*Picture{1: {Image: drawing}}, true)
				drawing = nil
			},
			"take": func(t *rapid.T) {
				_, pics, fresh := o.take()
				if pics[0] != nil || pics[1] != nil && !fresh {
					t.Fatal("a picture that was not made")
				}
				p := pics[1]
				if p == nil {
					return
				}
				if p.Gen <= lastGen {
					t.Fatalf("generation %d after %d", p.Gen, lastGen)
				}
				lastGen = p.Gen
				delete(held, before)
				before, front = front, p.Image
				held[front] = front.Pix[0]
			},
			"resize": func(*rapid.T) { side = 12 - side },
			"": func(t *rapid.T) {
				for img, was := range held {
					if img.Pix[0] != was {
						t.Fatalf("a picture on screen has changed from %d to %d", was, img.Pix[0])
					}
				}
				if n := len(o.slots[1].free); n > 2 {
					t.Fatalf("%d images lie idle", n)
				}
			},
		})
	})
}

func TestImagesAreUsedAgain(t *testing.T) {
	var o output
	seen := map[*image.RGBA]bool{}
	for i := range 100 {
		img := o.image(0, 8, 8)
		seen[img] = true
		o.publish(result{doc: 7}, [Slots]*Picture{{Image: img}}, true)
		if i%3 != 0 { // the window is slower than the player
			o.take()
		}
	}
	if len(seen) > 4 {
		t.Errorf("100 pictures took %d images", len(seen))
	}
}

func TestTheNewestPictureIsTaken(t *testing.T) {
	var o output
	for i := range 3 {
		img := o.image(0, 8, 8)
		img.Pix[0] = byte(i)
		o.publish(result{doc: 7}, [Slots]*Picture{{Image: img}}, true)
	}
	r, pics, fresh := o.take()
	if !fresh || r.doc != 7 || pics[0] == nil || pics[0].Image.Pix[0] != 2 {
		t.Errorf("%v %+v %+v", fresh, r, pics)
	}
	if _, _, fresh := o.take(); fresh {
		t.Error("the same is new once more")
	}
}
