package kit

import (
	"testing"
	"time"
)

func TestFiguresAreWrittenForPeople(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "–", 93 * time.Microsecond: "0.093 ms", 1200 * time.Microsecond: "1.2 ms", 48 * time.Millisecond: "48 ms",
		1500 * time.Millisecond: "1.5 s", 4 * time.Minute: "4 min", 3 * time.Hour: "3 h",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
	for rate, want := range map[float64]string{0: "0 %", .001: "1 %", .5: "50 %", .9999: "99 %", 1: "100 %"} {
		if got := Percent(rate); got != want {
			t.Errorf("%v is written %q, want %q", rate, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 runs", 1: "1 run", 999: "999 runs", 12345: "12\u2009345 runs"} {
		if got := Count(n, "run"); got != want {
			t.Errorf("%d runs are written %q, want %q", n, got, want)
		}
	}
}
