package sqlquery

import (
	"database/sql"
	"strconv"
	"strings"
	"time"
)

// timeForm is how times are written: UTC, sorting and reading together with those
// that datetime('now') writes in sqlite3.
const timeForm = "2006-01-02 15:04:05.000"

// FormatTime writes a time. Of the zero time it makes one as well: where a time may be
// absent, NULL is bound.
func FormatTime(t time.Time) string { return t.UTC().Format(timeForm) }

// layouts are the forms that other programs write; all may end in a fraction.
var layouts = []string{
	"2006-01-02 15:04:05",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02 15:04:05 -0700 MST",
	"2006-01-02 15:04",
	"2006-01-02T15:04",
	"2006-01-02",
}

// ParseTime reads a time in any of the layouts, as UTC where no zone is given, or in
// seconds since 1970. What is none of them is the zero time: a row made by hand is never
// refused for its date.
func ParseTime(s sql.NullString) time.Time {
	text, _, _ := strings.Cut(s.String, " m=") // Go's monotonic clock
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 && seconds < maxSeconds {
		return time.UnixMicro(int64(seconds * 1e6)).UTC()
	}
	return time.Time{}
}

// maxSeconds is the year 5138; larger numbers are no seconds.
const maxSeconds = 1e11
