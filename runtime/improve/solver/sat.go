package solver

import (
	"cmp"
	"slices"
)

// sat decides whether clauses can all hold: conflict-driven clause learning as MiniSat
// made it common (Eén and Sörensson, An Extensible SAT-solver, 2003), with two watched
// literals, saved phases, Luby restarts, and learnt clauses kept by how many levels they
// span (Audemard and Simon, Predicting Learnt Clauses Quality, 2009). All of its numbers
// are whole, and so it takes the same way on every machine.
type sat struct {
	arena   []lit     // clauses: length, span (0: given), literals
	learnt  []int32   // where the learnt ones are
	watches [][]watch // by literal: clauses that look at its negation
	value   []int8    // by literal: 1 holds, -1 does not, 0 open
	level   []int32   // by variable
	reason  []int32   // by variable: the clause that it follows from, or none
	phase   []bool    // by variable: how it was last set
	trail   []lit     // in the order that they were set
	marks   []int     // where on the trail each level begins
	done    int       // how much of the trail has been propagated
	order   scoreHeap // of open variables
	bump    uint64    // what a variable's score rises by
	seen    []bool    // by variable, of analyse
	levels  []uint32  // when a level was counted last
	counted uint32
	work    uint64
	failed  bool // the clauses contradict each other without any choice
}

type watch struct {
	clause int32
	other  lit // of the clause: if it holds, the clause does
}

const (
	none       = int32(-1)
	clauseHead = 2
)

type status uint8

const (
	gaveUp status = iota
	satisfiable
	unsatisfiable
)

func newSAT(vars int) *sat {
	s := &sat{
		watches: make([][]watch, 2*vars), value: make([]int8, 2*vars),
		level: make([]int32, vars), reason: make([]int32, vars), phase: make([]bool, vars),
		seen: make([]bool, vars), levels: make([]uint32, vars+1), bump: 1 << 10,
	}
	s.order.init(vars)
	return s
}

// holds says whether a literal holds in the model.
func (s *sat) holds(l lit) bool { return s.value[l] > 0 }

// clause adds a clause before solving. Literals are of different variables.
func (s *sat) clause(ls ...lit) {
	var open [3]lit
	n := 0
	for _, l := range ls {
		switch s.value[l] {
		case 1:
			return
		case 0:
			open[n] = l
			n++
		}
	}
	switch n {
	case 0:
		s.failed = true
	case 1:
		s.set(open[0], none)
	default:
		s.attach(open[:n], 0)
	}
}

func (s *sat) attach(ls []lit, span int) int32 {
	at := int32(len(s.arena))
	s.arena = append(append(s.arena, lit(len(ls)), lit(span)), ls...)
	s.watches[ls[0]] = append(s.watches[ls[0]], watch{at, ls[1]})
	s.watches[ls[1]] = append(s.watches[ls[1]], watch{at, ls[0]})
	return at
}

func (s *sat) literals(at int32) []lit {
	return s.arena[at+clauseHead:][:s.arena[at]]
}

func (s *sat) set(l lit, reason int32) {
	s.value[l], s.value[l.not()] = 1, -1
	v := l.gate()
	s.level[v], s.reason[v] = int32(len(s.marks)), reason
	s.trail = append(s.trail, l)
}

// propagate sets what follows, and gives a clause of which nothing is left, or none.
func (s *sat) propagate() int32 {
	for s.done < len(s.trail) {
		falsified := s.trail[s.done].not()
		s.done++
		ws := s.watches[falsified]
		s.work += uint64(len(ws))
		kept := ws[:0]
	clauses:
		for i, w := range ws {
			if s.value[w.other] > 0 {
				kept = append(kept, w)
				continue
			}
			ls := s.literals(w.clause)
			if ls[0] == falsified {
				ls[0], ls[1] = ls[1], ls[0]
			}
			first := ls[0]
			if s.value[first] > 0 {
				kept = append(kept, watch{w.clause, first})
				continue
			}
			for k := 2; k < len(ls); k++ {
				if s.value[ls[k]] >= 0 {
					ls[1], ls[k] = ls[k], ls[1]
					s.watches[ls[1]] = append(s.watches[ls[1]], watch{w.clause, first})
					continue clauses
				}
			}
			kept = append(kept, watch{w.clause, first})
			if s.value[first] < 0 {
				kept = append(kept, ws[i+1:]...)
				s.watches[falsified] = kept
				return w.clause
			}
			s.set(first, w.clause)
		}
		s.watches[falsified] = kept
	}
	return none
}

// back takes back all choices above a level.
func (s *sat) back(level int) {
	if level >= len(s.marks) {
		return
	}
	from := s.marks[level]
	for _, l := range s.trail[from:] {
		v := l.gate()
		s.phase[v] = l&1 == 0
		s.value[l], s.value[l.not()] = 0, 0
		s.order.put(v)
	}
	s.trail, s.marks, s.done = s.trail[:from], s.marks[:level], from
}

// analyse learns from a conflict: a clause of which only the first literal was set on this
// level, the level of the second, and how many levels it spans.
func (s *sat) analyse(conflict int32) (learnt []lit, back, span int) {
	learnt = append(learnt, no)
	now := int32(len(s.marks))
	open, at := 0, len(s.trail)
	var last lit
	for {
		ls := s.literals(conflict)
		if open > 0 || at < len(s.trail) {
			ls = ls[1:] // the first is what follows from the others
		}
		for _, l := range ls {
			v := l.gate()
			if s.seen[v] || s.level[v] == 0 {
				continue
			}
			s.seen[v] = true
			s.raise(v)
			if s.level[v] == now {
				open++
			} else {
				learnt = append(learnt, l)
			}
		}
		for at--; !s.seen[s.trail[at].gate()]; at-- {
		}
		last = s.trail[at]
		conflict = s.reason[last.gate()]
		s.seen[last.gate()] = false
		if open--; open == 0 {
			break
		}
	}
	learnt[0] = last.not()
	all := learnt
	s.seen[last.gate()] = true
	learnt = s.needed(learnt)
	for _, l := range all {
		s.seen[l.gate()] = false
	}
	s.counted++
	for i, l := range learnt {
		lv := s.level[l.gate()]
		if s.levels[lv] != s.counted {
			s.levels[lv] = s.counted
			span++
		}
		if i > 0 && int(lv) > back {
			back = int(lv)
			learnt[1], learnt[i] = learnt[i], learnt[1]
		}
	}
	return learnt, back, span
}

// needed leaves out literals that follow from the others.
func (s *sat) needed(learnt []lit) []lit {
	out := make([]lit, 1, len(learnt))
	out[0] = learnt[0]
	for _, l := range learnt[1:] {
		r := s.reason[l.gate()]
		if r == none || slices.ContainsFunc(s.literals(r)[1:], func(o lit) bool { return !s.seen[o.gate()] && s.level[o.gate()] > 0 }) {
			out = append(out, l)
		}
	}
	return out
}

// raise makes a variable be chosen earlier; recent ones count more.
func (s *sat) raise(v int32) {
	s.order.score[v] += s.bump
	if s.order.score[v] > 1<<60 {
		for i := range s.order.score {
			s.order.score[i] >>= 40
		}
		s.bump = max(s.bump>>40, 1<<10)
		s.order.rebuild()
	}
	s.order.up(v)
}

// luby is the sequence 1 1 2 1 1 2 4 …, from its first.
func luby(i int) int {
	for k := 1; ; k++ {
		if i == 1<<k-1 {
			return 1 << (k - 1)
		}
		if i < 1<<k-1 {
			return luby(i - (1<<(k-1) - 1))
		}
	}
}

const (
	restartUnit = 64   // conflicts
	firstReduce = 3000 // conflicts until learnt clauses are dropped; later ones are further apart
	reduceStep  = 500
)

// solve looks until the answer is known or so much work is done.
func (s *sat) solve(work uint64) status {
	if s.failed || s.propagate() != none {
		return unsatisfiable
	}
	reduceAt, conflicts, reduces := firstReduce, 0, 0
	for round := 1; ; round++ {
		for left := restartUnit * luby(round); left > 0; {
			conflict := s.propagate()
			if conflict != none {
				if len(s.marks) == 0 {
					return unsatisfiable
				}
				left--
				conflicts++
				learnt, back, span := s.analyse(conflict)
				s.back(back)
				reason := none
				if len(learnt) > 1 {
					reason = s.attach(learnt, span)
					s.learnt = append(s.learnt, reason)
				}
				s.set(learnt[0], reason)
				s.bump += s.bump >> 4
				continue
			}
			if s.work > work {
				return gaveUp
			}
			if conflicts >= reduceAt {
				reduces++
				reduceAt += firstReduce + reduces*reduceStep
				s.reduce()
			}
			v := s.choose()
			if v < 0 {
				return satisfiable
			}
			s.marks = append(s.marks, len(s.trail))
			l := lit(v) << 1
			if !s.phase[v] {
				l = l.not()
			}
			s.set(l, none)
		}
		s.back(0)
	}
}

// choose takes the open variable with the highest score; -1: all are set.
func (s *sat) choose() int32 {
	for {
		v := s.order.take()
		if v < 0 || s.value[lit(v)<<1] == 0 {
			return v
		}
	}
}

// reduce drops the worse half of the learnt clauses, and writes those that stay anew.
func (s *sat) reduce() {
	s.back(0)
	slices.SortStableFunc(s.learnt, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.arena[a+1], s.arena[b+1]), cmp.Compare(s.arena[a], s.arena[b]))
	})
	const good = 2 // a span that is kept for ever
	drop := map[int32]bool{}
	for _, at := range s.learnt[len(s.learnt)/2:] {
		if s.arena[at+1] > good {
			drop[at] = true
		}
	}
	old := s.arena
	s.arena = make([]lit, 0, len(old))
	s.learnt = s.learnt[:0]
	for i := range s.watches {
		s.watches[i] = s.watches[i][:0]
	}
	for at := int32(0); int(at) < len(old); at += clauseHead + int32(old[at]) {
		if drop[at] {
			continue
		}
		to := s.attach(old[at+clauseHead:][:old[at]], int(old[at+1]))
		if old[at+1] > 0 {
			s.learnt = append(s.learnt, to)
		}
	}
	// What holds without a choice needs no reason any more, and clauses are looked at anew.
	for _, l := range s.trail {
		s.reason[l.gate()] = none
	}
	s.done = 0
}
