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
	pageBytes   = 8 << 20 // of texts in a page; one that would hold more ends early
	nameMost    = 200     // characters of a name
	textMost    = 4096    // bytes of a purpose, a goal, a description
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
	p := store.Page{Limit: limit}
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
func pageRows[S, R any](c *request, read func(context.Context, store.Page) ([]S, error), row func(S) (r R, id int64, bytes int)) (rows []R, next int64, err error) {
	p, err := c.pageOf(pageDefault)
	if err != nil {
		return nil, 0, err
	}
	return rowsOf(c, p, read, row)
}

// rowsOf is pageRows of a page that has been read already.
func rowsOf[S, R any](c *request, p store.Page, read func(context.Context, store.Page) ([]S, error), row func(S) (r R, id int64, bytes int)) (rows []R, next int64, err error) {
	if err := c.reserve(2 * pageBytes); err != nil {
		return nil, 0, err
	}
	all, err := read(c.r.Context(), p)
	if err != nil {
		return nil, 0, stored(err)
	}
	rows = make([]R, 0, len(all))
	size := 0
	for _, s := range all {
		r, id, bytes := row(s)
		if size += bytes; size > pageBytes && len(rows) > 0 {
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

// when is a time that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
