package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"

	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// Lists never read what they do not show. Of a text that lies in contents they read
// how many bytes it has, which does not touch it, and the text itself only where it is
// short; of a long one they have the beginning that its column keeps. So a page of
// runs with 90 KB of log each costs what a page of runs with a word each does.
//
// The parameters of their queries are those of Page.listArgs.
const (
	listText = 300  // characters of a text that a list has, unless its Page says how many
	listRead = 4096 // bytes up to which a text in contents is read for that
	listName = 300  // characters of what is short by its nature: names, kinds, words
)

// short is an SQL expression for a text that is short by its nature, whatever somebody
// has put there.
func short(column string) string {
	return fmt.Sprintf("substr(%s, 1, %d)", sqlquery.Text(column), listName)
}

// opening is one for how a text that lies in its column begins.
func opening(column string) string { return "substr(" + sqlquery.Text(column) + ", 1, ?3)" }

// A longText is a column whose text may lie in contents, and the alias of its row
// there. entry is the column beside it that has the hash of the whole; earlier the
// greatest id of rows whose column itself may refer to it.
//
// Of an entry that refers to files only code is read whole: no other text is one, but
// for an output that is some script's code to the byte.
type longText struct{ id, column, row, entry, earlier string }

// Of a reference in a column of before, where the digits of the hash begin, and where
// how the text begins, counted from 1; and how many bytes it has at most.
const (
	refDigits = len(chain.RefPrefix) + 1
	refText   = refDigits + 64 + 1
	refMost   = refText + 4*49
)

// hash is the hash of the whole text, NULL of one that lies in its column.
func (k longText) hash() string {
	return fmt.Sprintf("CASE WHEN %[1]s IS NOT NULL THEN lower(hex(%[1]s)) WHEN %[2]s <= %[3]s AND octet_length(%[4]s) < %[5]d AND %[4]s LIKE '%[6]s%%' THEN substr(%[4]s, %[7]d, 64) END",
		k.entry, k.id, k.earlier, k.column, refMost, chain.RefPrefix, refDigits)
}

// join is the row of contents, where there is one.
func (k longText) join() string {
	return fmt.Sprintf("\n\tLEFT JOIN contents %[1]s ON %[1]s.hash = %[2]s", k.row, k.hash())
}

// begins is how the text begins; of one that is longer than the Page asks, the telling
// part that its column has.
func (k longText) begins() string {
	return fmt.Sprintf("CASE WHEN %[2]s.id IS NULL THEN %[3]s WHEN octet_length(%[2]s.body) <= iif(%[6]s IS NULL, %[4]d, min(%[4]d, ?3)) THEN substr(%[2]s.body, 1, ?3) WHEN %[6]s IS NULL THEN substr(%[1]s, %[5]d) ELSE %[3]s END",
		k.column, k.row, opening(k.column), listRead, refText, k.entry)
}

// bytes is how many bytes the text has.
func (k longText) bytes() string {
	return sqlquery.Integer(fmt.Sprintf("coalesce((SELECT bytes FROM bundles WHERE hash = %[1]s.hash), octet_length(%[1]s.body), octet_length(%[2]s))", k.row, k.column))
}

// ifShort is the text where it has no more bytes than the Page asks code of, else none.
func (k longText) ifShort() string {
	return fmt.Sprintf("iif(%[1]s > ?4, '', CAST(coalesce((SELECT body FROM contents_full WHERE id = %[2]s.id), %[3]s, '') AS TEXT))", k.bytes(), k.row, k.column)
}

// listArgs are the parameters of a list's query: before which id, how many rows, how
// many characters of a text, and up to how many bytes of a code.
func (p Page) listArgs(more ...any) []any {
	if p.Text <= 0 {
		p.Text = listText
	}
	return append(p.args(), append([]any{p.Text, p.Code}, more...)...)
}

var runListQuery = func() string {
	out, err := longOutput("stdout"), longOutput("stderr")
	return runColumns(out.begins(), err.begins(), out.bytes(), err.bytes(), short) + out.join() + err.join() + "\n\t"
}()

// longOutput is one of a run's two texts.
func longOutput(column string) longText {
	return longText{"r.id", "r." + column, "x" + column, "w." + column, "(SELECT run_id FROM earlier_texts WHERE one = 1)"}
}

// RunList is a page of the runs as a list shows them: of their texts the beginning.
func (s *runTable) RunList(ctx context.Context, p Page) ([]Run, error) {
	return s.runs(ctx, runListQuery+"WHERE r.id < ?1 ORDER BY r.id DESC LIMIT ?2", p.listArgs()...)
}

// RunListOf is the same of one script's runs.
func (s *runTable) RunListOf(ctx context.Context, scriptID int64, p Page) ([]Run, error) {
	return s.runs(ctx, runListQuery+"WHERE r.script_id = ?5 AND r.id < ?1 ORDER BY r.id DESC LIMIT ?2", p.listArgs(scriptID)...)
}

// mapTexts are the texts of a row of the map.
var mapTexts = struct{ task, code, result, analysis longText }{
	longMap("task_description"), longMap("code"), longMap("result"), longMap("analysis"),
}

func longMap(column string) longText {
	return longText{"m.id", "m." + column, "x" + column, "w." + column, "(SELECT map_id FROM earlier_texts WHERE one = 1)"}
}

const mapEntries = "\n\tLEFT JOIN map_texts w ON w.map_id = m.id"

// mapResult is a result without what makes one long: how the run came out.
var mapResult = func() string {
	whole := fmt.Sprintf("CAST(coalesce(%[2]s.body, %[1]s, '') AS TEXT)", mapTexts.result.column, mapTexts.result.row)
	return fmt.Sprintf(`CASE WHEN %[2]s <= %[3]d THEN %[1]s
	WHEN json_valid(%[1]s) THEN json_object('lang', %[1]s ->> '$.lang', 'status', %[1]s ->> '$.status', 'exit', %[1]s ->> '$.exit') ELSE '' END`,
		whole, mapTexts.result.bytes(), listRead)
}()

var mapListQuery = "SELECT " + sqlquery.Columns("m.id", sqlquery.Integer("m.iteration"), mapTexts.task.begins(), mapTexts.code.ifShort(), mapResult, mapTexts.analysis.begins(),
	"CAST(m.timestamp AS TEXT)", sqlquery.Integer("m.parent_iteration"), "coalesce(lower(hex(c.hash)), '')", mapRun,
	mapTexts.task.bytes(), mapTexts.code.bytes(), mapTexts.result.bytes(), mapTexts.analysis.bytes()) + `
	FROM infinite_map m LEFT JOIN map_chain c ON c.map_id = m.id` + mapEntries +
	mapTexts.task.join() + mapTexts.code.join() + mapTexts.result.join() + mapTexts.analysis.join() + "\n\t"

// MapList is a page of the infinite map as a list shows it: of its texts the
// beginning, and code only where it is as short as the Page says. Result is whole, or
// says only how the run came out.
func (s *mapTable) MapList(ctx context.Context, p Page) (all []MapRow, err error) {
	err = s.read(ctx, "list the infinite map", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanMap, mapListQuery+"WHERE m.id < ?1 ORDER BY m.id DESC LIMIT ?2", p.listArgs()...)
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

var codeSeed = maphash.MakeSeed()

// Long code is told by its hash.
var pointQuery = "SELECT " + sqlquery.Columns("m.id", sqlquery.Integer("m.iteration"), sqlquery.Integer("m.parent_iteration"), mapTexts.task.begins(), mapResult, sqlquery.Text("coalesce("+mapTexts.code.hash()+", m.code)")) +
	" FROM infinite_map m" + mapEntries + mapTexts.task.join() + mapTexts.result.join() + `
	WHERE m.id > ?4 AND m.id < ?1 ORDER BY m.id DESC LIMIT ?2`

// MapPoints is a page of the infinite map after a row, 0 for none, as points.
func (s *mapTable) MapPoints(ctx context.Context, after int64, p Page) (all []MapPoint, err error) {
	args := p.listArgs()
	args[3] = after
	err = s.read(ctx, "read the lineage", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, func(scan func(...any) error) (m MapPoint, err error) {
			var code string
			err = scan(&m.ID, &m.Iteration, &m.Parent, &m.Task, &m.Result, &code)
			m.Code = maphash.String(codeSeed, code)
			return m, err
		}, pointQuery, args...)
		return err
	})
	return all, err
}

var scriptListQuery = scriptColumns(short, opening, "iif(octet_length(s.code) > ?4, "+references+", "+sqlquery.Text("s.code")+")")

// ScriptList is all scripts by name, as a list shows them: without code, and with the
// beginning of what they are for.
func (s *scriptTable) ScriptList(ctx context.Context) ([]Script, error) {
	return s.scriptList(ctx, "ORDER BY s.name", Page{})
}

// ScriptsOfRuns are those that the runs after one are of, as ScriptList has them.
func (s *scriptTable) ScriptsOfRuns(ctx context.Context, after int64) ([]Script, error) {
	return s.scriptList(ctx, "WHERE s.id IN (SELECT script_id FROM improvement_runs WHERE id > ?5) ORDER BY s.name", Page{}, after)
}

// ScriptEdits is how often scripts were added, edited, switched or removed, by whomever;
// -1 where nobody counts. While it stays, they differ by what their runs did alone.
func (s *scriptTable) ScriptEdits(ctx context.Context) (edits int64, err error) {
	err = s.read(ctx, "see whether scripts were edited", func(ctx context.Context, q querier) error {
		err := q.QueryRowContext(ctx, "SELECT "+sqlquery.Integer("edits")+" FROM script_edits").Scan(&edits)
		if errors.Is(err, sql.ErrNoRows) {
			edits, err = -1, nil
		}
		return err
	})
	return edits, err
}

// ScriptPage is a page of the same, with code where that is as short as the Page says.
func (s *scriptTable) ScriptPage(ctx context.Context, p Page) ([]Script, error) {
	return s.scriptList(ctx, "WHERE s.id < ?1 ORDER BY s.id DESC LIMIT ?2", p)
}

func (s *scriptTable) scriptList(ctx context.Context, which string, p Page, more ...any) (all []Script, err error) {
	err = s.read(ctx, "list the scripts", func(ctx context.Context, q querier) (err error) {
		if all, err = sqlquery.Collect(ctx, q, scanListedScript, scriptListQuery+which, p.listArgs(more...)...); err != nil {
			return err
		}
		return listCode(ctx, q, all, p.Code)
	})
	return all, err
}
