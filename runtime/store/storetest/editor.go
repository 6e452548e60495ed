// Package storetest is for tests: it edits a database as people with sqlite3 do, at
// random. Start at [NewEditor].
package storetest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Seed is the setting GVPIE_SEED of a test's environment, with which random edits come
// again; or another where that is not set.
func Seed(other uint64) (uint64, error) {
	text := os.Getenv("GVPIE_SEED")
	if text == "" {
		return other, nil
	}
	return strconv.ParseUint(text, 10, 64)
}

// An Editor makes random edits that the database takes. The same edits come again for
// the same seed, as long as the database is the same.
type Editor struct {
	*rand.Rand
	Made int // edits that the database took

	db     *sql.DB
	tables []table
	spared []string
	last   []string // edits, the newest last
}

type table struct {
	name    string
	columns []string
}

// NewEditor makes one that edits every table but those left out and the version of the
// schema. Rows of scripts, goals and cartridges are spared whose name, goal or path has
// one of the spared words in it: what is done to those is meant for them.
func NewEditor(db *sql.DB, seed uint64, spared []string, leftOut ...string) (*Editor, error) {
	e := &Editor{Rand: rand.New(rand.NewPCG(seed, seed)), db: db, spared: spared}
	rows, err := db.Query(`SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, column string
		if err := rows.Scan(&name, &column); err != nil {
			return nil, err
		}
		if name == "schema_version" || slices.Contains(leftOut, name) {
			continue
		}
		if n := len(e.tables); n == 0 || e.tables[n-1].name != name {
			e.tables = append(e.tables, table{name: name})
		}
		t := &e.tables[len(e.tables)-1]
		t.columns = append(t.columns, column)
	}
	return e, rows.Err()
}

// values are what a hand may write anywhere.
var values = []string{"NULL", "0", "1", "2", "-1", "9223372036854775807", "-9223372036854775808", "4611686018427387903", "0.5", "1e308", "''",
	"'text'", "'good1'", "'2'", "x'00ff'", large, "'9e999'", "char(10, 27, 0)", "'pixel'", "'python'", "'2001-02-03'"}

const large = "zeroblob(100000)"

// Edit makes one edit, of one row or of all.
func (e *Editor) Edit() error {
	t := e.tables[e.IntN(len(e.tables))]
	value := func() string { return values[e.IntN(len(values))] }
	column, to := t.columns[e.IntN(len(t.columns))], value()
	var rows int
	if err := e.db.QueryRow("SELECT count(*) FROM " + t.name).Scan(&rows); err != nil {
		return err
	}
	where := fmt.Sprintf("rowid = (SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %d)", t.name, e.IntN(rows+1))
	if e.IntN(4) == 0 && to != large {
		where = "true"
	}
	where += e.spare(t.name)
	var query string
	switch e.IntN(4) {
	case 0:
		query = fmt.Sprintf("DELETE FROM %s WHERE %s", t.name, where)
	case 1:
		all := make([]string, len(t.columns))
		for i := range all {
			all[i] = value()
		}
		query = fmt.Sprintf("INSERT INTO %s VALUES (%s)", t.name, strings.Join(all, ", "))
	default:
		query = fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", t.name, column, to, where)
	}
	if _, err := e.db.Exec(query); err == nil {
		e.Made++
		if len(e.last) == 50 {
			e.last = slices.Delete(e.last, 0, 1)
		}
		e.last = append(e.last, query)
	}
	return nil
}

func (e *Editor) spare(table string) string {
	column := map[string]string{"improvement_scripts": "name", "development_goals": "goal", "cartridge_registry": "path"}[table]
	if column == "" {
		return ""
	}
	var all strings.Builder
	for _, word := range e.spared {
		fmt.Fprintf(&all, " AND coalesce(%s, '') NOT LIKE '%%%s%%'", column, word)
	}
	return all.String()
}

// Last are the newest edits, the last of them last, as sqlite3 would take them.
func (e *Editor) Last() string { return strings.Join(e.last, ";\n") + ";" }
