package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"gvpie/runtime/store"
)

const (
	pageDefault = 50
	pageMost    = 200
	pageBytes   = 1 << 20  // of a page, as it is sent; one that would have more ends early
	pageMemory  = 16 << 20 // what a page holds while it is made
	listText    = 4096     // characters of a text in a list
	listCode    = 16 << 10 // bytes of a code in a list
	wholeMost   = 16 << 20 // bytes of the texts of one row
	nameMost    = 200      // characters of a name
	textMost    = 4096     // bytes of a purpose, a goal, a description
)

var pageQuery = []param{
	{"before", "integer", "rows with an id below this; next of the page before"},
	{"limit", "integer", "rows at most, 1 to 200; default 50"},
}

var cartridgeQuery = []param{
	pageQuery[0],
	{"limit", "integer", "rows at most, 1 to 200; default 200"},
}

// pageOf reads what page is asked for; limit is how many rows it has where that is
// not said.
func (c *request) pageOf(limit int) (store.Page, error) {
	p := store.Page{Limit: limit, Text: listText, Code: listCode}
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return p, refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	if text := q.Get("before"); text != "" {
		n, ok := parseWhole(text)
		if !ok || n < 1 {
			return p, refuse(http.StatusBadRequest, "before is an id, not %q", clip(text))
		}
		p.Before = n
	}
	if text := q.Get("limit"); text != "" {
		n, ok := parseWhole(text)
		if !ok || n < 1 || n > pageMost {
			return p, refuse(http.StatusBadRequest, "limit is 1 to %d, not %q", pageMost, clip(text))
		}
		p.Limit = int(n)
	}
	return p, nil
}

// database gives the database, if there is one.
func (c *request) database() (*store.Store, error) {
	if c.config.Store == nil {
		return nil, refuse(http.StatusServiceUnavailable, "this program runs without a database")
	}
	return c.config.Store, nil
}

// stored makes a refusal of what the database said.
func stored(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return refuse(http.StatusNotFound, "there is no such row")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return later(http.StatusServiceUnavailable, 2, "the database took too long")
	}
	for _, trouble := range []error{store.ErrLocked, store.ErrFull, store.ErrCorrupt, store.ErrGone, store.ErrNewer, store.ErrClosed} {
		if errors.Is(err, trouble) {
			return later(http.StatusServiceUnavailable, 5, "%v", trouble)
		}
	}
	return err
}

// pageRows reads a page and makes rows of the answer of it. next is what before
// is for the page after it, 0 when this is the last.
func pageRows[S, R any](c *request, read func(context.Context, store.Page) ([]S, error), row func(S) (r R, id int64)) (rows []R, next int64, err error) {
	p, err := c.pageOf(pageDefault)
	if err != nil {
		return nil, 0, err
	}
	return rowsOf(c, p, read, row)
}

// rowsOf is pageRows of a page that is known already.
func rowsOf[S, R any](c *request, p store.Page, read func(context.Context, store.Page) ([]S, error), row func(S) (r R, id int64)) (rows []R, next int64, err error) {
	if err := c.reserve(pageMemory); err != nil {
		return nil, 0, err
	}
	all, err := read(c.r.Context(), p)
	if err != nil {
		return nil, 0, stored(err)
	}
	rows = make([]R, 0, len(all))
	size := 0
	for _, s := range all {
		r, id := row(s)
		b, err := marshal(r)
		if err != nil {
			return nil, 0, err
		}
		if size += len(b); size > pageBytes && len(rows) > 0 {
			return rows, next, nil
		}
		rows = append(rows, r)
		next = id
	}
	if len(all) < p.Limit {
		next = 0
	}
	return rows, next, nil
}

// wholeRow refuses a row whose texts are too long for an answer, and reserves what
// they take.
func (c *request) wholeRow(bytes int64) error {
	if bytes > wholeMost {
		return refuse(http.StatusRequestEntityTooLarge, "this row has %d MB of text, and an answer may have %d: read it in the database", bytes>>20, wholeMost>>20)
	}
	return c.reserve(4 * bytes)
}

// when is a time that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
