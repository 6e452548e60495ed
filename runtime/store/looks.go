package store

import (
	"regexp"
	"slices"
)

// looksLike is the table of ours that a row is of by its values; "" for none.
func looksLike(v []any) string {
	for _, l := range looks {
		if len(v) != len(l.is) {
			continue
		}
		same := true
		for i, is := range l.is {
			same = same && is(v[i])
		}
		if same {
			return l.table
		}
	}
	return ""
}

// What a value of a row may be. An id is not in the row.
func isNull(v any) bool { return v == nil }
func isInt(v any) bool  { _, ok := v.(int64); return ok }
func isText(v any) bool { _, ok := v.(string); return ok }
func isHash(v any) bool { b, ok := v.([]byte); return ok && len(b) == 32 }
func orNull(is func(any) bool) func(any) bool {
	return func(v any) bool { return v == nil || is(v) }
}
func isNumber(v any) bool {
	_, ok := v.(float64)
	return ok || isInt(v)
}
func isTime(v any) bool   { return matches(v, aTime) }
func isDigest(v any) bool { return matches(v, aDigest) }
func oneOfTexts(all ...string) func(any) bool {
	return func(v any) bool { s, ok := v.(string); return ok && slices.Contains(all, s) }
}

var (
	aTime   = regexp.MustCompile(`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d`)
	aDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func matches(v any, form *regexp.Regexp) bool {
	s, ok := v.(string)
	return ok && form.MatchString(s)
}

// looks are what rows of the tables are like.
var looks = func() []struct {
	table string
	is    []func(any) bool
} {
	text, number, time := orNull(isText), orNull(isNumber), orNull(isTime)
	integer, hash := orNull(isInt), orNull(isHash)
	return []struct {
		table string
		is    []func(any) bool
	}{
		{"sqlite_schema", []func(any) bool{oneOfTexts("table", "index", "view", "trigger"), isText, isText, isInt, text}},
		{"improvement_scripts", []func(any) bool{isNull, isText, oneOfTexts("pixel", "cartridge", "python"), text, isText, isNumber, text, text, isNumber, isNumber}},
		{"improvement_runs", []func(any) bool{isNull, integer, isTime, time, integer, text, text, number, text, text}},
		{"development_goals", []func(any) bool{isNull, isText, isNumber, isNumber, text, text}},
		{"infinite_map", []func(any) bool{isNull, isInt, text, text, text, text, time, integer}},
		{"cartridge_registry", []func(any) bool{isNull, isText, oneOfTexts("pixel", "code", "dataset", "prompt"), text, integer, integer, text, integer, isNumber}},
		{"system_metrics", []func(any) bool{isNull, time, isText, number, text}},
		{"contents", []func(any) bool{isNull, isDigest, isText}},
		{"bundles", []func(any) bool{isDigest, isInt}},
		{"map_chain", []func(any) bool{isNull, isInt, isHash}},
		{"pictures", []func(any) bool{isNull, isDigest}},
		{"run_details", []func(any) bool{isNull, isInt, isInt, integer, integer, integer}},
		{"removed_scripts", []func(any) bool{isNull, isText, time}},
		{"map_texts", []func(any) bool{isNull, hash, hash, hash, hash}},
		{"run_texts", []func(any) bool{isNull, hash, hash}},
	}
}()
