package view

// placed is the half of a Canvas that knows where its texture lies.
type placed struct{ cam camera }

// ShowAll shows the whole texture, now and whenever its size or the panel's changes.
func (c *placed) ShowAll() { c.cam.fit() }

// ShowsAll says whether the canvas follows the size of texture and panel.
func (c *placed) ShowsAll() bool { return !c.cam.manual }

// Place says where the texture was put, to come back to it with SetPlace.
func (c *placed) Place() Place { return c.cam.place() }

// SetPlace goes to such a place.
func (c *placed) SetPlace(p Place) { c.cam.setPlace(p) }
