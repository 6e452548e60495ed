package kit

import (
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/layout"
)

// hoverOp declares the current clip area as the one whose hovering the tag
// follows.
func hoverOp(gtx layout.Context, tag event.Tag) { event.Op(gtx.Ops, tag) }

// hovering takes in enter and leave events and says whether the pointer is
// over the tag's area, given whether it was.
func hovering(gtx layout.Context, tag event.Tag, was bool) bool {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: tag, Kinds: pointer.Enter | pointer.Leave | pointer.Cancel})
		if !ok {
			return was
		}
		if e, ok := e.(pointer.Event); ok {
			was = e.Kind == pointer.Enter
		}
	}
}
