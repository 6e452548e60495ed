package kit

import (
	"image"
	"testing"

	"gioui.org/layout"
	"gioui.org/op"
)

func TestAPictureOutOfSightIsForgottenAndOneOnScreenIsNot(t *testing.T) {
	var p Pictures
	var ops op.Ops
	gtx := layout.Context{Ops: &ops, Constraints: layout.Exact(image.Pt(64, 64))}
	shown, gone := image.NewRGBA(image.Rect(0, 0, 8, 8)), image.NewRGBA(image.Rect(0, 0, 8, 8))
	p.Layout(gtx, nil, gone, nil)
	p.Layout(gtx, nil, shown, nil)
	first := p.ops[shown]
	for range 600 {
		ops.Reset()
		p.Sweep()
		p.Layout(gtx, nil, shown, nil)
	}
	if p.ops[shown] != first {
		t.Error("a picture that stays on screen is handed to the driver again")
	}
	if _, ok := p.ops[gone]; ok {
		t.Error("a picture that has gone from the screen is held for ever")
	}
}
