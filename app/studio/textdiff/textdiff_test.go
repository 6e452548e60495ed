package textdiff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestATextThatWasEmptyIsAllAdded(t *testing.T) {
	if got := Lines("", "a\n"); !slices.Equal(got, []Line{{Op: Added, B: 1, Text: "a"}}) {
		t.Errorf("%+v", got)
	}
}

func TestLinesAreShortestAndLeadsFromOneToTheOther(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12).Draw(t, "lines"), "\n")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var from, to []string
		changed := 0
		for _, l := range Lines(a, b) {
			if l.Op != Added {
				from = append(from, l.Text)
				if l.A != len(from) {
					t.Fatalf("line %d is numbered %d", len(from), l.A)
				}
			}
			if l.Op != Removed {
				to = append(to, l.Text)
			}
			if l.Op != Same {
				changed++
			}
		}
		la, lb := lines(a), lines(b)
		if fmt.Sprint(from, len(from)) != fmt.Sprint(la, len(la)) || fmt.Sprint(to, len(to)) != fmt.Sprint(lb, len(lb)) {
			t.Fatalf("%q and %q became %q and %q", la, lb, from, to)
		}
		if least := len(la) + len(lb) - 2*common(la, lb); changed != least {
			t.Fatalf("%d lines changed, %d are enough", changed, least)
		}
	})
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			diagonal, row[j+1] = row[j+1], max(row[j+1], row[j], map[bool]int{true: diagonal + 1}[a[i] == b[j]])
		}
	}
	return row[len(b)]
}

func TestAVeryDifferentTextIsComparedInTime(t *testing.T) {
	var a, b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&a, "a%d\n", i)
		fmt.Fprintf(&b, "b%d\n", i)
	}
	added, removed := Count(Lines(a.String(), b.String()))
	if added != 20_000 || removed != 20_000 {
		t.Errorf("%d added, %d removed", added, removed)
	}
}

func TestRowsLayWhatChangedSideBySide(t *testing.T) {
	var got []string
	for _, r := range Rows(Lines("a\nb\nc\nd\n", "a\nx\nd\ne\n")) {
		text := func(l *Line) string {
			if l == nil {
				return "-"
			}
			return l.Text
		}
		got = append(got, text(r.A)+"|"+text(r.B))
	}
	if want := []string{"a|a", "b|x", "c|-", "d|d", "-|e"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
