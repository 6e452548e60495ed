package search

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/solver"
	"gvpie/runtime/pxl/syntax"
)

// Search proposes cheaper expressions. It remembers what it found for expressions that
// come again, which changes nothing but how long it takes.
type Search struct {
	known map[string][]answer
}

// New gives the proposer.
func New() *Search { return &Search{known: map[string][]answer{}} }

// Name is search.
func (*Search) Name() string { return "search" }

const (
	mostSites  = 200     // of a program that are looked at, the dearest first
	mostHarder = 24      // of them that are looked at again, for more
	mostLeaves = 8       // names that an expression is made of
	mostKept   = 1 << 14 // problems that are remembered
	perRound   = 8       // candidates
	batch      = 16      // problems that are solved at once
)

// Propose gives the expressions that are cheaper than those of the program, first where
// they are computed most often.
func (s *Search) Propose(ctx context.Context, parent *improve.Program, job improve.Job) []improve.Candidate {
	r := read(parent.Source)
	if r == nil {
		return nil
	}
	r.tally()
	quick := r.work()
	if len(s.known) > mostKept {
		clear(s.known)
	}
	skip := job.Round * perRound
	var out []improve.Candidate
	look := func(at []*work) {
		for from := 0; from < len(at) && len(out) < perRound && ctx.Err() == nil; from += batch {
			some := at[from:min(from+batch, len(at))]
			s.solve(ctx, some)
			for _, w := range some {
				for _, a := range s.known[w.key] {
					if skip--; skip < 0 {
						out = append(out, r.candidate(w, a))
					}
				}
			}
		}
	}
	look(quick)
	if len(out) < perRound {
		look(s.harder(quick))
	}
	return out
}

// harder gives those problems that were tried without an answer, and for which there may be
// one that is larger.
func (s *Search) harder(of []*work) (out []*work) {
	for _, w := range of {
		if w.limit > quickSizes+1 && len(s.known[w.key]) == 0 && len(out) < mostHarder {
			p := *w.problem
			p.effort = someEffort
			out = append(out, &work{problem: &p, key: w.key + " more", site: w.site, drops: w.drops})
		}
	}
	return out
}

// solve finds the answers to problems, over all processors.
func (s *Search) solve(ctx context.Context, of []*work) {
	found := make([][]answer, len(of))
	done := make([]bool, len(of))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(of)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(of) {
					return
				}
				if _, ok := s.known[of[i].key]; ok {
					continue
				}
				var err error
				found[i], err = of[i].problem.solve(ctx)
				done[i] = err == nil
			}
		})
	}
	wg.Wait()
	for i, w := range of {
		if done[i] {
			s.known[w.key] = found[i]
		}
	}
}

// work is a problem at a place of a program.
type work struct {
	*problem
	key   string
	site  *site
	drops []string // names whose SETs go
}

// work lists the problems of a program.
func (r *reading) work() (out []*work) {
	sites := make([]*site, len(r.sites))
	for i := range r.sites {
		sites[i] = &r.sites[i]
	}
	slices.SortStableFunc(sites, func(a, b *site) int {
		weight := func(s *site) int {
			w := s.depth
			if s.each {
				w += 100
			}
			return w
		}
		return cmp.Compare(weight(b), weight(a))
	})
	for _, st := range sites[:min(len(sites), mostSites)] {
		if drops := r.droppable(st); len(drops) > 0 {
			out = append(out, r.problem(st, drops))
		}
		if st.size > 1 || !st.root || !st.copies {
			out = append(out, r.problem(st, nil))
		}
	}
	return out
}

// droppable gives the names that are read in a site alone, have one SET that may go, and
// are worth here what that gave them.
func (r *reading) droppable(st *site) (out []string) {
	if st.expr == syntax.None {
		return nil
	}
	here := map[string]int{}
	r.reads(st.expr, here)
	for _, of := range st.opaque {
		for _, n := range of.reads {
			delete(here, n) // it is read as it stands, and so stays
		}
	}
	for _, n := range st.reads {
		d := r.defs[n]
		if d == nil || d.count != 1 || d.meant == nil || st.leaves[n] != d.meant || r.readsOf[n] != here[n] || !r.removable(d.stmt) {
			continue
		}
		out = append(out, n)
	}
	return out
}

// problem asks for something smaller at a site, without the names that go.
func (r *reading) problem(st *site, drops []string) *work {
	n := renaming(*r.vars)
	p := &problem{target: n.of(st.meant), limit: st.size, effort: quickEffort}
	for _, d := range drops {
		p.limit += max(1, r.defs[d].size)
	}
	type named struct {
		text string
		e    *solver.Expr
		near int
	}
	var names []named
	for text, e := range st.leaves {
		if e.Kind == solver.Number || slices.Contains(drops, text) || !n.has(e) {
			continue
		}
		near := 2
		if slices.Contains(st.reads, text) {
			near = 0
		} else if e.Kind == solver.Variable {
			near = 1
		}
		names = append(names, named{text, e, near})
	}
	for text, of := range st.opaque {
		names = append(names, named{text, of.meant, -1})
	}
	slices.SortFunc(names, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.near, b.near), cmp.Compare(r.sizes[a.e], r.sizes[b.e]), strings.Compare(a.text, b.text))
	})
	for _, l := range names[:min(len(names), mostLeaves)] {
		p.names = append(p.names, leaf{text: l.text, meant: n.of(l.e)})
	}
	p.vars, p.numbers = n.vars, numbersOf(p.target)
	return &work{problem: p, key: p.key(), site: st, drops: drops}
}

// candidate is the program with an answer in its place.
func (r *reading) candidate(w *work, a answer) improve.Candidate {
	src := r.f.Source()
	from, to := r.f.Offset(w.site.from), r.f.Offset(w.site.to)
	was := src[from:to]
	edits := []edit{w.written(src, from, to, a.term)}
	for _, n := range w.drops {
		edits = append(edits, r.removal(r.defs[n].stmt))
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.from, a.from) })
	for _, e := range edits {
		src = src[:e.from] + e.text + src[e.to:]
	}
	c := improve.Candidate{Source: src, Evidence: improve.BySolver, Step: fmt.Sprintf("write %s for %s", a.term.text, strings.Join(strings.Fields(was), " "))}
	if a.how == solver.ByExhaustion {
		c.Evidence = improve.ByExhaustion
	}
	if len(w.drops) > 0 {
		c.Step += ", and leave " + strings.Join(w.drops, " and ") + " out"
	}
	return c
}

type edit struct {
	from, to int
	text     string
}

// written puts a term at a site, with parentheses where they may be needed.
func (w *work) written(src string, from, to int, t term) edit {
	if w.site.gives != "" {
		return edit{from, to, w.site.gives + t.text}
	}
	before, after := strings.TrimRight(src[:from], " \t"), strings.TrimLeft(src[to:], " \t")
	closed := strings.HasPrefix(after, ")")
	switch {
	case closed && strings.HasSuffix(before, "(") && t.level == atom && !endsInName(before[:len(before)-1]):
		return edit{len(before) - 1, len(src) - len(after) + 1, t.text}
	case t.level == atom, w.site.alone, closed && strings.HasSuffix(before, "("),
		strings.HasPrefix(after, "]") && strings.HasSuffix(before, "["):
		return edit{from, to, t.text}
	}
	return edit{from, to, "(" + t.text + ")"}
}

// endsInName says that a text ends in a name, so that a parenthesis behind it is that of its
// call.
func endsInName(text string) bool {
	if text == "" {
		return false
	}
	c := text[len(text)-1]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
