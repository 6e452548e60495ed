package studio

import "slices"

// Program is the document whose program is in front: the document that is, or the one that
// the debugger came from to a file that it includes. That one stays so while such files
// are in front.
func (r *Runner) Program() *Document {
	front := r.docs.Active()
	if d := r.docs.byID(r.through); d.has(front) {
		return d
	}
	return front
}

// comeTo takes in that another document may have come to the front, and gives the one whose
// program is.
func (r *Runner) comeTo(front *Document) *Document {
	if r.following && r.through == 0 {
		r.through = r.state.doc
	}
	d := r.docs.byID(r.through)
	if !d.has(front) {
		r.through = 0
		return front
	}
	return d
}

// has says whether a document's program is made of another's file.
func (d *Document) has(file *Document) bool {
	return d != nil && file != nil && file.Path != "" && slices.Contains(d.included, file.Path)
}

// PathOf gives the path by which a document's program knows another's file, "" its own. ok
// is false of a file that the program that runs is not made of as it stands.
func (d *Document) PathOf(file *Document) (path string, ok bool) {
	switch {
	case d == file:
		return "", d.Current()
	case !d.has(file) || d.live == nil:
		return "", false
	}
	for i := range d.live.Included {
		f := &d.live.Included[i]
		if d.Elsewhere(f.Name) == file.Path {
			return f.Path, f.Text == file.text
		}
	}
	return "", false
}
