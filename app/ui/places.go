package ui

import (
	"gvpie/app/studio"
	"gvpie/canvas/view"
)

// places are where each document's pictures were put by hand. The pane has one document
// in sight: the places of the others are here.
type places struct {
	of    map[int][studio.Slots]view.Place // by document; none: both are fitted
	front int                              // ID of the document in sight
}

// turn puts the views where they were for the document in front, when it is another
// than before.
func (p *canvasPane) turn() {
	front := 0
	if d := p.model.Active(); d != nil {
		front = d.ID
	}
	if front == p.places.front {
		return
	}
	kept := make(map[int][studio.Slots]view.Place)
	for _, d := range p.model.Docs() {
		if at := p.place(d.ID); at != [studio.Slots]view.Place{} {
			kept[d.ID] = at
		}
	}
	p.places = places{of: kept, front: front}
	for i, v := range p.views {
		v.canvas.SetPlace(kept[front][i])
	}
}

// place is where a document's pictures are.
func (p *canvasPane) place(doc int) (at [studio.Slots]view.Place) {
	if doc != p.places.front {
		return p.places.of[doc]
	}
	for i, v := range p.views {
		at[i] = v.canvas.Place()
	}
	return at
}

// setPlace puts a document's pictures somewhere.
func (p *canvasPane) setPlace(doc int, at [studio.Slots]view.Place) {
	if p.places.of == nil {
		p.places.of = make(map[int][studio.Slots]view.Place)
	}
	p.places.of[doc] = at
	if doc == p.places.front {
		for i, v := range p.views {
			v.canvas.SetPlace(at[i])
		}
	}
}
