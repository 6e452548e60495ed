package store

import (
	"context"
	"hash/maphash"
	"strings"
)

// Lists never read what they do not show: their queries leave the long texts where
// they are and bring only how the others begin, however long those are.
const (
	listText   = 300  // characters of a text that a list shows a line of
	listResult = 4096 // bytes up to which a result is read as it is
)

// opening is an SQL expression for how a text begins.
func opening(text string) string { return "substr(" + text + ", 1, ?)" }

// RunList is a page of the runs as a list shows them: without stdout, and of stderr
// the beginning.
func (s *runTable) RunList(ctx context.Context, p Page) ([]Run, error) {
	return s.runs(ctx, runListQuery+"WHERE r.id < ? ORDER BY r.id DESC LIMIT ?", append([]any{listText}, p.args()...)...)
}

// RunListOf is the same of one script's runs.
func (s *runTable) RunListOf(ctx context.Context, scriptID int64, p Page) ([]Run, error) {
	return s.runs(ctx, runListQuery+"WHERE r.script_id = ? AND r.id < ? ORDER BY r.id DESC LIMIT ?", append([]any{listText, scriptID}, p.args()...)...)
}

// mapResult is a result without what makes one long: how the run came out.
const mapResult = `CASE WHEN octet_length(m.result) <= ? THEN CAST(coalesce(m.result, '') AS TEXT)
	WHEN json_valid(CAST(m.result AS TEXT)) THEN json_object('lang', CAST(m.result AS TEXT) ->> '$.lang', 'status', CAST(m.result AS TEXT) ->> '$.status', 'exit', CAST(m.result AS TEXT) ->> '$.exit') ELSE '' END`

var mapListQuery = mapSelect(opening("CAST(m.task_description AS TEXT)"), "''", mapResult, opening("CAST(m.analysis AS TEXT)"))

// MapList is a page of the infinite map as a list shows it: without code, and of
// the other texts the beginning; Result is whole, or says only how the run came out.
func (s *mapTable) MapList(ctx context.Context, p Page) (all []MapRow, err error) {
	err = s.read(ctx, "list the infinite map", func(ctx context.Context, q querier) (err error) {
		all, err = collect(ctx, q, scanMap, mapListQuery+"WHERE m.id < ? ORDER BY m.id DESC LIMIT ?", append([]any{listText, listResult, listText}, p.args()...)...)
		return err
	})
	return all, err
}

// MapPoint is a row of the map as a point of a lineage.
type MapPoint struct {
	ID, Iteration, Parent int64
	Task, Result          string // as in MapList
	Code                  uint64 // equal for equal code, in this process
}

var (
	codeSeed   = maphash.MakeSeed()
	pointQuery = "SELECT " + columns("m.id", integer("m.iteration"), integer("m.parent_iteration"), "coalesce("+opening("CAST(m.task_description AS TEXT)")+", '')", mapResult, text("m.code")) +
		" FROM infinite_map_full m WHERE m.id < ? ORDER BY m.id DESC LIMIT ?"
)

// MapPoints is a page of the infinite map as points. One row's code is in memory at
// a time.
func (s *mapTable) MapPoints(ctx context.Context, p Page) (all []MapPoint, err error) {
	err = s.read(ctx, "read the lineage", func(ctx context.Context, q querier) (err error) {
		all, err = collect(ctx, q, func(scan func(...any) error) (m MapPoint, err error) {
			var code string
			err = scan(&m.ID, &m.Iteration, &m.Parent, &m.Task, &m.Result, &code)
			m.Code = maphash.String(codeSeed, code)
			return m, err
		}, pointQuery, append([]any{listText, listResult}, p.args()...)...)
		return err
	})
	return all, err
}

// ScriptList is all scripts by name, as a list shows them: without code, whose hash
// is known, and with the beginning of what they are for. One script's code is in
// memory at a time.
func (s *scriptTable) ScriptList(ctx context.Context) (all []Script, err error) {
	err = s.read(ctx, "list the scripts", func(ctx context.Context, q querier) (err error) {
		all, err = collect(ctx, q, func(scan func(...any) error) (Script, error) {
			one, err := scanScript(scan)
			one.Code = ""
			if n := 4 * listText; len(one.Purpose) > n {
				one.Purpose = strings.ToValidUTF8(one.Purpose[:n], "")
			}
			return one, err
		}, scriptQuery+"ORDER BY s.name")
		return err
	})
	return all, err
}
