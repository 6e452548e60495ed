package syntax

// Nearest gives the candidate that want was most likely meant to be, or "": the
// one with the fewest edits (a swap of neighbours is one), at most a third of
// the length of want and at least one; of several the one that begins and ends
// most like want. Unless fold is set, another case alone is the best match.
//
// Names of one or two letters are all near to each other: for them another case,
// or two letters that changed places, is all that counts.
func Nearest(want string, candidates []string, fold bool) string {
	if len(want) > 64 {
		return ""
	}
	key := want
	if fold {
		key = string(upper(nil, want))
	}
	best, limit, alike := "", max(1, len(want)/3), -1
	for _, c := range candidates {
		k := c
		if fold {
			k = string(upper(nil, c))
		} else if k == want {
			continue
		} else if len(c) == len(want) && string(upper(nil, c)) == string(upper(nil, want)) {
			return c
		}
		d := editDistance(key, k, limit)
		if d > limit || min(len(key), len(k)) <= 2 && !swapped(key, k) {
			continue
		}
		if a := likeness(key, k); best == "" || d < limit || a > alike {
			best, limit, alike = c, d, a
		}
	}
	return best
}

// likeness counts the letters that a and b have in common at their ends, twice,
// less the difference of their lengths.
func likeness(a, b string) int {
	n := min(len(a), len(b))
	head, tail := 0, 0
	for head < n && a[head] == b[head] {
		head++
	}
	for tail < n && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return 2*(head+tail) - max(len(a)-len(b), len(b)-len(a))
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours; more than limit is limit + 1.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(b) > 64 {
		return limit + 1
	}
	var rows [3][66]int
	before, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least > limit {
			return limit + 1
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(b)], limit+1)
}

// swapped says whether a and b are two letters in another order.
func swapped(a, b string) bool {
	return len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
