package debugger

import (
	"image"
	"unicode/utf8"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/ui/kit"
)

// change is a value that is being written anew, in its place.
type change struct {
	on    bool
	word  int // of the data page; of a watch its place
	field kit.Field
	had   bool // the field has had the keyboard
}

// begin begins to write another text for a word.
func (c *change) begin(word int, text string) {
	*c = change{on: true, word: word}
	c.field.SetText(text)
	c.field.Select(0, utf8.RuneCountInString(text))
}

// update takes in input, and gives what the word is to become. Escape, and the keyboard
// going elsewhere, leave it as it is.
func (c *change) update(gtx layout.Context) (word int, text string, ok bool) {
	if !c.on {
		return 0, "", false
	}
	for {
		e, more := gtx.Event(key.Filter{Name: key.NameEscape})
		if !more {
			break
		}
		if e, is := e.(key.Event); is && e.State == key.Press {
			c.on = false
		}
	}
	_, entered := c.field.Update(gtx)
	if focused := c.field.Focused(gtx); c.had && !focused || entered {
		c.on = false
	} else if !c.had && !focused {
		c.field.Focus(gtx)
	} else {
		c.had = true
	}
	return c.word, c.field.Text(), entered
}

// layout draws the field over the value's row.
func (c *change) layout(gtx layout.Context, th *kit.Theme, name string) layout.Dimensions {
	size := gtx.Constraints.Max
	over := gtx.Dp(4)
	kit.Fill(gtx, image.Rectangle{Max: image.Pt(size.X, gtx.Dp(valueHeight))}, th.Window)
	kit.Boxed(gtx, image.Rect(-gtx.Dp(10), -over, size.X, gtx.Dp(32)-over), func(gtx layout.Context) layout.Dimensions {
		return kit.FieldStyle{Theme: th, Field: &c.field, Name: "new value of " + name, Mono: true, Bare: true}.Layout(gtx)
	})
	return layout.Dimensions{Size: image.Pt(size.X, gtx.Dp(valueHeight))}
}
