package loop

import (
	"context"
	"slices"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/store"
)

// A Pager is a long table as a list can show it: any row may be asked for at any
// time, and the pages that are on screen are read in the background. The window
// goroutine owns it.
//
// Rows are counted from the oldest, so that a page stays what it is while rows are
// added at the other end. Where ids run without a gap, as they do unless rows were
// deleted by hand, the page of any row is known; otherwise the pages are walked
// through once from the newest, and where each begins is remembered.
type Pager[T any] struct {
	n     int
	top   int64
	pages map[int][]T
	stale map[int]bool // to be read again: they hold rows that were not finished
	asked map[int]bool
	jobs  mailbox.Latest[pageJob]
}

const (
	pageRows = 128 // rows of a page
	maxPages = 24  // pages that are remembered; those far from the screen go first
)

// pageJob asks for pages of a table of n rows whose newest has the id top.
type pageJob struct {
	n     int
	top   int64
	pages []int
}

// newPager starts the goroutine that reads.
func newPager[T any](b *background, read func(context.Context, store.Page) ([]T, error), id func(*T) int64) *Pager[T] {
	p := &Pager[T]{pages: map[int][]T{}, stale: map[int]bool{}, asked: map[int]bool{}, jobs: mailbox.New[pageJob]()}
	w := walker[T]{read: read, id: id, begins: map[int]int64{}}
	b.spawn(func() {
		for {
			select {
			case <-b.ctx.Done():
				return
			case j := <-p.jobs.C:
				for _, page := range j.pages {
					rows, err := w.page(b.ctx, j, page)
					b.window.Post(func() { p.took(j, page, rows, err) })
				}
			}
		}
	})
	return p
}

// Len is the number of rows.
func (p *Pager[T]) Len() int {
	if p == nil {
		return 0
	}
	return p.n
}

// At is row i, the newest being 0; nil until it has been read.
func (p *Pager[T]) At(i int) *T {
	if p == nil || i < 0 || i >= p.n {
		return nil
	}
	o := p.n - 1 - i
	if page := p.pages[o/pageRows]; o%pageRows < len(page) {
		return &page[o%pageRows]
	}
	return nil
}

// Show says that rows first to last-1 are on screen: those that are missing are
// asked for. The window calls it each frame.
func (p *Pager[T]) Show(first, last int) {
	if p == nil {
		return
	}
	first, last = max(0, first), min(last, p.n)
	if first >= last {
		return
	}
	newest, oldest := (p.n-1-first)/pageRows, (p.n-last)/pageRows
	var want []int
	missing := false
	for page := newest; page >= oldest; page-- {
		if p.pages[page] == nil || p.stale[page] {
			want = append(want, page)
			missing = missing || !p.asked[page]
		}
	}
	if !missing {
		return
	}
	clear(p.asked)
	for _, page := range want {
		p.asked[page] = true
	}
	p.jobs.Put(pageJob{p.n, p.top, want})
	p.trim(newest, oldest)
}

// trim forgets the pages farthest from those on screen.
func (p *Pager[T]) trim(newest, oldest int) {
	if len(p.pages) <= maxPages {
		return
	}
	middle := (newest + oldest) / 2
	var all []int
	for page := range p.pages {
		all = append(all, page)
	}
	far := func(page int) int { return max(page-middle, middle-page) }
	slices.SortFunc(all, func(a, b int) int { return far(b) - far(a) })
	for _, page := range all[:len(all)-maxPages] {
		delete(p.pages, page)
	}
}

// took takes in a page that was read for a job. One that was asked for before the
// table grew may lack rows: it is shown, and read again.
func (p *Pager[T]) took(j pageJob, page int, rows []T, err error) {
	if err != nil {
		return // it counts as asked for until the table has been looked at again
	}
	p.pages[page] = rows
	if j.n != p.n || j.top != p.top {
		p.stale[page] = true
		return
	}
	delete(p.stale, page)
}

// grown says how many rows there are now. changed is how many of the newest may
// have changed since they were read.
func (p *Pager[T]) grown(n int, top int64, changed int) {
	if p == nil {
		return
	}
	if n < p.n { // rows were deleted by hand: nothing stands where it stood
		clear(p.pages)
	}
	from := (min(n, p.n) - changed) / pageRows
	for page := range p.pages {
		if page >= from {
			p.stale[page] = true
		}
	}
	clear(p.asked)
	p.n, p.top = n, top
}

// A walker finds where the pages of a table begin. It belongs to the goroutine
// that reads.
type walker[T any] struct {
	read   func(context.Context, store.Page) ([]T, error)
	id     func(*T) int64
	n      int
	begins map[int]int64 // page → Page.Before that reads it
}

// page reads one page, oldest row first.
func (w *walker[T]) page(ctx context.Context, j pageJob, page int) ([]T, error) {
	if j.n < w.n {
		clear(w.begins)
	}
	w.n = j.n
	newest := (j.n - 1) / pageRows
	dense := j.top == int64(j.n)
	at := newest
	before := j.top + 1
	if dense {
		at, before = page, min(int64(page+1)*pageRows, int64(j.n))+1
	} else {
		for known, b := range w.begins {
			if known >= page && known < at {
				at, before = known, b
			}
		}
	}
	for {
		limit := min(pageRows, j.n-at*pageRows)
		rows, err := w.read(ctx, store.Page{Before: before, Limit: limit})
		if err != nil {
			return nil, err
		}
		if at == page {
			slices.Reverse(rows)
			return rows, nil
		}
		if len(rows) == 0 {
			return nil, nil
		}
		at, before = at-1, w.id(&rows[len(rows)-1])
		w.begins[at] = before
	}
}
