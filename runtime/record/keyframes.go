package record

import (
	"slices"
	"sort"
	"time"

	"gvpie/runtime/machine"
)

// A keyframe is the machine before a frame.
type keyframe struct {
	at   int
	s    *machine.Snapshot
	cost time.Duration // of the frames before it
	took time.Duration // to make it
}

// keyframes are in the order of their frames, each with another.
type keyframes struct {
	all   []keyframe
	pages map[*uint32]int // how many keyframes have a page, by its first word
	bytes int             // of all pages
}

// after is how many keyframes there are up to frame i.
func (k *keyframes) after(i int) int {
	return sort.Search(len(k.all), func(n int) bool { return k.all[n].at > i })
}

func (k *keyframes) last() *keyframe {
	if len(k.all) == 0 {
		return nil
	}
	return &k.all[len(k.all)-1]
}

// add adds a keyframe, in the place of one of the same frame. Pages that are as in the
// one before are that one's.
func (k *keyframes) add(at int, s *machine.Snapshot, cost time.Duration) *keyframe {
	n := k.after(at)
	if n > 0 && k.all[n-1].at == at {
		n--
		k.remove(n)
	}
	if n > 0 {
		s = sharing(s, k.all[n-1].s)
	}
	k.all = slices.Insert(k.all, n, keyframe{at: at, s: s, cost: cost})
	k.count(s, 1)
	return &k.all[n]
}

// sharing is s with the pages of last that are equal. A machine that gives pages of its
// last snapshot again has looked for them itself.
func sharing(s, last *machine.Snapshot) *machine.Snapshot {
	shared, found := *s, false
	pages := [][2]*[]uint32{{&shared.Display, &last.Display}, {&shared.Writer, &last.Writer}, {&shared.Data, &last.Data}, {&shared.State, &last.State}}
	for _, p := range pages {
		if is, was := *p[0], *p[1]; len(is) > 0 && len(was) > 0 && &is[0] == &was[0] {
			return s
		}
	}
	for _, p := range pages {
		if machine.SamePage(*p[0], *p[1]) {
			*p[0], found = *p[1], true
		}
	}
	if !found {
		return s // itself, so that the machine that made it still knows it as its last
	}
	return &shared
}

// count counts the pages of a keyframe that is added, by 1, or removed, -1.
func (k *keyframes) count(s *machine.Snapshot, by int) {
	if k.pages == nil {
		k.pages = map[*uint32]int{}
	}
	for _, page := range [][]uint32{s.Display, s.Writer, s.Data, s.State} {
		if len(page) == 0 {
			continue
		}
		p := &page[0]
		was := k.pages[p]
		switch k.pages[p] = was + by; {
		case was == 0:
			k.bytes += 4 * len(page)
		case was+by == 0:
			k.bytes -= 4 * len(page)
			delete(k.pages, p)
		}
	}
}

func (k *keyframes) remove(n int) {
	k.count(k.all[n].s, -1)
	k.all = slices.Delete(k.all, n, n+1)
}

// drop removes the first n.
func (k *keyframes) drop(n int) {
	for range n {
		k.remove(0)
	}
}

// until is the keyframes up to frame i.
func (k *keyframes) until(i int) keyframes {
	until := keyframes{all: slices.Clone(k.all[:k.after(i)])}
	for _, key := range until.all {
		until.count(key.s, 1)
	}
	return until
}

// costAt is what the frames before frame i cost, with end frames and the cost of all:
// between two keyframes all cost the same.
func (k *keyframes) costAt(i, end int, all time.Duration) time.Duration {
	from, to := keyframe{}, keyframe{at: end, cost: all}
	n := k.after(i)
	if n > 0 {
		from = k.all[n-1]
	}
	if n < len(k.all) {
		to = k.all[n]
	}
	if to.at <= from.at {
		return from.cost
	}
	return from.cost + time.Duration(float64(to.cost-from.cost)*float64(i-from.at)/float64(to.at-from.at))
}

// thinAge is by how many frames the distance of keyframes doubles, back from the
// present: a minute.
const thinAge = 3600

// thin gives up keyframes until the rest take no more than so many bytes: each time
// the one without which the next is least far for its age. The first so many are needed,
// and the last is given up last.
func (k *keyframes) thin(most, end, needed int) {
	for k.bytes > most && len(k.all) > needed {
		best, least := len(k.all)-1, 0.0
		var before time.Duration // what the frames before the keyframe before cost
		for i := range best {
			gap := float64(k.all[i+1].cost-before) + 1
			gap /= 1 + float64(end-k.all[i].at)/thinAge
			if before = k.all[i].cost; i >= needed && (best == len(k.all)-1 || gap < least) {
				best, least = i, gap
			}
		}
		k.remove(best)
	}
}
