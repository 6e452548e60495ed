package loop

import (
	"context"
	"errors"
	"image"

	"gvpie/app/studio/mailbox"
	"gvpie/app/studio/textdiff"
	"gvpie/runtime/store"
)

// Point is a row of the map to be compared, with the run it tells of.
type Point struct {
	Row store.MapRow
	Run store.Run
}

// Comparison is two points of the map side by side; B is zero when one alone was
// chosen.
type Comparison struct {
	A, B       Point
	Diff       []textdiff.Line // of the code
	Picture    *image.RGBA     // where the pictures differ; nil unless there are two
	Different  int             // in how many pixels
	Pixels     int             // of how many
	PictureA   *image.RGBA
	PictureB   *image.RGBA
	Err        string
	of         pair
	unanswered bool
}

// pair is the ids of the rows to compare; the second 0: one alone.
type pair [2]int64

// comparisons reads the comparison that was asked for last.
type comparisons struct {
	comparison *Comparison // nil: none was asked for
	asks       mailbox.Latest[pair]
}

func newComparisons() comparisons { return comparisons{asks: mailbox.New[pair]()} }

// Compare asks for one or two rows of the map, by id; b 0 is one alone.
func (c *comparisons) Compare(x, y int64) {
	if c.comparison != nil && c.comparison.of == (pair{x, y}) {
		return
	}
	c.comparison = &Comparison{of: pair{x, y}, unanswered: true}
	c.asks.Put(pair{x, y})
}

// Compared is the ids of the rows asked for last.
func (c *comparisons) Compared() (x, y int64) {
	if c.comparison == nil {
		return 0, 0
	}
	return c.comparison.of[0], c.comparison.of[1]
}

// Comparison is what Compare asked for; nil until it has been read.
func (c *comparisons) Comparison() *Comparison {
	if c.comparison == nil || c.comparison.unanswered {
		return nil
	}
	return c.comparison
}

// serve reads comparisons; one goroutine.
func (c *comparisons) serve(b *background, s *store.Store) {
	answer(b, c.asks, func(of pair) *Comparison { return readComparison(b.ctx, s, of) }, c.take)
}

// take takes in what was read, unless something else has been asked for since.
func (c *comparisons) take(of pair, read *Comparison) {
	if c.comparison.of == of {
		c.comparison = read
	}
}

func readComparison(ctx context.Context, s *store.Store, of pair) *Comparison {
	c := &Comparison{of: of}
	var errs [2]error
	c.A, c.PictureA, errs[0] = readPoint(ctx, s, of[0])
	if of[1] != 0 {
		c.B, c.PictureB, errs[1] = readPoint(ctx, s, of[1])
		c.Diff = textdiff.Lines(c.A.Row.Code, c.B.Row.Code)
		c.Picture, c.Different = DiffPictures(c.PictureA, c.PictureB)
		if c.Picture != nil {
			c.Pixels = c.Picture.Rect.Dx() * c.Picture.Rect.Dy()
		}
	}
	if err := errors.Join(errs[:]...); err != nil {
		c.Err = err.Error()
	}
	return c
}

func readPoint(ctx context.Context, s *store.Store, id int64) (p Point, img *image.RGBA, err error) {
	if p.Row, err = s.MapRow(ctx, id); err != nil || p.Row.RunID == 0 {
		return p, nil, err
	}
	if p.Run, err = s.Run(ctx, p.Row.RunID); err != nil || p.Run.HumanPNG == "" {
		return p, nil, err
	}
	img, err = readPicture(ctx, s, PictureKey{Hash: p.Run.HumanPNG})
	return p, img, err
}
