package loop

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/store"
)

// newHandPager is a Pager whose reader the test is.
func newHandPager(n int) *Pager[int] {
	p := &Pager[int]{pages: map[int][]int{}, stale: map[int]bool{}, asked: map[int]bool{}, jobs: mailbox.New[pageJob]()}
	p.grown(n, int64(n), 0)
	return p
}

// wants shows rows, and says which pages are asked for.
func wants(p *Pager[int], first, last int) []int {
	p.Show(first, last)
	j, _ := taken(p.jobs)
	return j.pages
}

// read answers a question for a page as the table is now.
func read(p *Pager[int], pages ...int) {
	for _, page := range pages {
		p.took(pageJob{p.n, p.top, nil}, page, make([]int, min(pageRows, p.n-page*pageRows)), nil)
	}
}

func TestOnlyPagesThatThereAreAreAskedFor(t *testing.T) {
	for _, c := range []struct {
		n, first, last int
		want           []int
	}{
		{0, 0, 9, nil}, {3, 0, 9, []int{0}}, {3, 0, 1000, []int{0}}, {3, 5, 9, nil}, {3, 2, 2, nil},
		{pageRows, -1, 1, []int{0}}, {3 * pageRows, 0, 1, []int{2}}, {3 * pageRows, pageRows - 1, pageRows + 1, []int{2, 1}},
	} {
		if got := wants(newHandPager(c.n), c.first, c.last); !slices.Equal(got, c.want) {
			t.Errorf("rows %d to %d of %d: pages %v are asked for, want %v", c.first, c.last, c.n, got, c.want)
		}
	}
	var none *Pager[int]
	none.Show(0, 9)
	none.grown(9, 9, 0)
	p := newHandPager(3)
	read(p, 0)
	if none.Len() != 0 || none.At(0) != nil || p.At(-1) != nil || p.At(3) != nil || p.At(2) == nil {
		t.Error("a row that is not there is")
	}
}

func TestPagesAreAskedForOnceWhileTheyAreOnScreen(t *testing.T) {
	p := newHandPager(4 * pageRows)
	if got := wants(p, 0, 1); !slices.Equal(got, []int{3}) {
		t.Errorf("%v", got)
	}
	if got := wants(p, 0, 1); got != nil {
		t.Errorf("%v are asked for once more", got)
	}
	if got := wants(p, 0, pageRows+1); !slices.Equal(got, []int{3, 2}) {
		t.Errorf("one of two is asked for: %v", got)
	}
	wants(p, 3*pageRows, 3*pageRows+1)
	if got := wants(p, 2*pageRows, 3*pageRows+1); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("the last of two is asked for: %v", got)
	}
	if got := wants(p, 0, 1); !slices.Equal(got, []int{3}) {
		t.Errorf("what nobody waits for any more counts as asked for: %v", got)
	}
	p.took(pageJob{p.n, p.top, nil}, 3, nil, errors.New("the disk is gone"))
	if got := wants(p, 0, 1); got != nil {
		t.Errorf("what could not be read is asked for again at once: %v", got)
	}
	p.grown(p.n, p.top, 0)
	if got := wants(p, 0, 1); !slices.Equal(got, []int{3}) {
		t.Errorf("what could not be read is not asked for again: %v", got)
	}
}

func TestPagesFarFromTheScreenAreForgotten(t *testing.T) {
	p := newHandPager(100 * pageRows)
	for page := range 100 {
		row := p.n - 1 - page*pageRows
		read(p, wants(p, row, row+1)...)
	}
	if len(p.pages) > maxPages+1 || p.pages[99] == nil || p.pages[90] == nil || p.pages[0] != nil {
		t.Errorf("%d pages are kept", len(p.pages))
	}
}

func TestWhatMayHaveChangedIsReadAgain(t *testing.T) {
	const n = 2*pageRows + 50
	for name, c := range map[string]struct {
		grow func(*Pager[int])
		want []int // of all pages
	}{
		"nothing":                  {func(p *Pager[int]) { p.grown(n, n, 0) }, []int{2}},
		"a row":                    {func(p *Pager[int]) { p.grown(n+1, n+1, 0) }, []int{2}},
		"a page and more":          {func(p *Pager[int]) { p.grown(n+pageRows, n+pageRows, 0) }, []int{3, 2}},
		"unfinished on two pages":  {func(p *Pager[int]) { p.grown(n, n, 60) }, []int{2, 1}},
		"more may have than there": {func(p *Pager[int]) { p.grown(n, n, 2*n) }, []int{2, 1, 0}},
		"rows deleted":             {func(p *Pager[int]) { p.grown(n-pageRows, n-pageRows, 0) }, []int{1, 0}},
	} {
		p := newHandPager(n)
		read(p, 0, 1, 2)
		c.grow(p)
		if got := wants(p, 0, p.n); !slices.Equal(got, c.want) {
			t.Errorf("%s: pages %v are read again, want %v", name, got, c.want)
		}
	}
	for name, j := range map[string]pageJob{"another length": {n: 2, top: 3}, "another newest": {n: 3, top: 2}} {
		p := newHandPager(3)
		p.took(j, 0, make([]int, 2), nil)
		if got := wants(p, 0, 3); !slices.Equal(got, []int{0}) {
			t.Errorf("%s: a page of another table counts as read", name)
		}
	}
	p := newHandPager(9)
	read(p, 0)
	if p.grown(8, 9, 0); p.At(0) != nil {
		t.Error("a row is shown where it stands no more")
	}
}

// table is a table that a walker reads; it counts how often.
type table struct {
	ids   []int64 // oldest first
	reads int
}

func (t *table) walker() *walker[int64] {
	return &walker[int64]{read: t.read, id: func(id *int64) int64 { return *id }, begins: map[int]int64{}}
}

func (t *table) read(_ context.Context, p store.Page) (rows []int64, err error) {
	t.reads++
	for i := len(t.ids) - 1; i >= 0 && len(rows) < p.Limit; i-- {
		if t.ids[i] < p.Before {
			rows = append(rows, t.ids[i])
		}
	}
	return rows, nil
}

func (t *table) job() pageJob { return pageJob{n: len(t.ids), top: t.ids[len(t.ids)-1]} }

// sparse is a table of n rows with gaps between their ids.
func sparse(n int) *table {
	t := &table{}
	for i := range n {
		t.ids = append(t.ids, int64(3*i+1))
	}
	return t
}

func (tb *table) want(t *testing.T, w *walker[int64], j pageJob, page, reads int) {
	t.Helper()
	tb.reads = 0
	got, err := w.page(context.Background(), j, page)
	first := page * pageRows
	if want := tb.ids[first:min(first+pageRows, j.n)]; err != nil || !slices.Equal(got, want) {
		t.Errorf("page %d is %v, want %v (%v)", page, got, want, err)
	}
	if tb.reads != reads {
		t.Errorf("page %d took %d reads, want %d", page, tb.reads, reads)
	}
}

func TestATableWithGapsIsWalkedThroughOnce(t *testing.T) {
	tb := sparse(9*pageRows + 7)
	w, j := tb.walker(), tb.job()
	tb.want(t, w, j, 7, 3)
	tb.want(t, w, j, 8, 1)
	tb.want(t, w, j, 0, 8)
	for page := range 9 {
		tb.want(t, w, j, page, 1)
	}
	tb.want(t, w, j, 9, 1)
	tb.ids = slices.Delete(tb.ids, 2*pageRows, 4*pageRows)
	tb.want(t, w, tb.job(), 0, 8)
	tb.want(t, w, tb.job(), 1, 1)
	j = tb.job()
	tb.ids = nil
	if rows, err := w.page(context.Background(), pageJob{n: j.n - 1, top: j.top}, 0); rows != nil || err != nil {
		t.Errorf("of a table that was emptied: %v, %v", rows, err)
	}
}

func TestAPageOfATableWithoutGapsIsReadAtOnce(t *testing.T) {
	tb := &table{}
	for i := range 5*pageRows + 7 {
		tb.ids = append(tb.ids, int64(i+1))
	}
	j := tb.job()
	tb.ids = append(tb.ids, j.top+1, j.top+2) // since the job was given
	for page := range 6 {
		tb.want(t, tb.walker(), j, page, 1)
	}
}
