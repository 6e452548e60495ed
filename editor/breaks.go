package editor

import (
	"cmp"
	"slices"
	"strings"
)

// Break is a breakpoint: where the program stops, if what it asks for holds.
type Break struct {
	Line      int    // from 1
	Condition string // an expression; "" always
	Hits      string // how often it was come past: "5", "% 3"; "" each time
	Log       string // what is written in place of stopping; "" stops
	Gone      bool   // its line was taken out of the text, and stood before Line

	was string // what stood on it
}

// plain says whether a breakpoint asks for nothing more.
func (b *Break) plain() bool { return b.Condition == "" && b.Hits == "" && b.Log == "" }

// Breaks are the breakpoints of a text. They move with it.
type Breaks struct {
	list []Break // by line
	rev  int
}

// All lists them by line. It is not to be changed.
func (b *Breaks) All() []Break { return b.list }

// Rev is another whenever the breakpoints are.
func (b *Breaks) Rev() int { return b.rev }

// On is the breakpoint of a line, be its line gone or not.
func (b *Breaks) On(line int) (Break, bool) {
	i, found := slices.BinarySearchFunc(b.list, line, func(k Break, line int) int { return cmp.Compare(k.Line, line) })
	if !found {
		return Break{}, false
	}
	return b.list[i], true
}

// Set gives a line a breakpoint, in the place of any that it has.
func (b *Breaks) Set(k Break) {
	b.Remove(k.Line)
	b.change(append(slices.Clone(b.list), k))
}

// Remove takes the breakpoints of a line away.
func (b *Breaks) Remove(line int) {
	b.change(slices.DeleteFunc(slices.Clone(b.list), func(k Break) bool { return k.Line == line }))
}

// Toggle gives a line a breakpoint, or takes it away.
func (b *Breaks) Toggle(line int) {
	if _, found := b.On(line); found {
		b.Remove(line)
		return
	}
	b.Set(Break{Line: line})
}

// change sorts what the breakpoints are now, those on a line before the gone ones.
func (b *Breaks) change(list []Break) {
	slices.SortStableFunc(list, func(a, k Break) int {
		if a.Line == k.Line && a.Gone != k.Gone {
			if k.Gone {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Line, k.Line)
	})
	b.list, b.rev = list, b.rev+1
}

// swapped is an edit as the lines see it: those from first on, from 0, that were there,
// whole, and those that are.
type swapped struct {
	first    int
	old, new []string
	whole    bool   // what was replaced began its line
	tail     string // what is left of the last of the old lines
}

// follow moves them with the text. A breakpoint goes where its line went, be it among
// other lines that came with it; where it is nowhere it is gone, until it comes back.
func (b *Breaks) follow(s swapped) {
	moved := slices.Clone(b.list)
	for i := range moved {
		k := &moved[i]
		at := k.Line - 1 - s.first
		switch {
		case at < 0:
		case at >= len(s.old):
			k.Line += len(s.new) - len(s.old)
		case k.Gone:
			k.Line = s.first + min(at, len(s.new)-1) + 1
		default:
			to := s.where(at)
			if k.Gone = to < 0; k.Gone {
				k.was, to = strings.TrimSpace(s.old[at]), min(at, len(s.new)-1)
			}
			k.Line = s.first + to + 1
		}
		if at := k.Line - 1 - s.first; k.Gone && at >= 0 && at < len(s.new) {
			if back := s.like(k.was, at); back >= 0 {
				k.Gone, k.Line = false, s.first+back+1
			}
		}
	}
	b.change(slices.CompactFunc(moved, func(a, k Break) bool { return a.Line == k.Line && !a.Gone && !k.Gone }))
}

// where is which of the new lines an old one went to; -1: none.
func (s *swapped) where(at int) int {
	last := len(s.old) - 1
	if to := s.like(strings.TrimSpace(s.old[at]), at); to >= 0 {
		return to
	}
	switch {
	case at == 0 && !s.whole, len(s.old) == len(s.new):
		return at
	case at == last && (last == 0 || strings.TrimSpace(s.tail) != ""):
		return len(s.new) - 1
	}
	return -1
}

// like is the new line with a text that is nearest to where that stood, counted from
// either end; -1: there is none.
func (s *swapped) like(text string, at int) int {
	if text == "" {
		return -1
	}
	to, near := -1, 0
	for i, line := range s.new {
		if strings.TrimSpace(line) != text {
			continue
		}
		d := i - at
		far := min(max(d, -d), max(d-len(s.new)+len(s.old), -d+len(s.new)-len(s.old)))
		if to < 0 || far < near {
			to, near = i, far
		}
	}
	return to
}
