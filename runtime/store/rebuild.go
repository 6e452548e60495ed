package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/store/sqlquery"
)

// Tables that another program made may hold constraints that our rows do not meet: a
// key from parent_iteration to an id, a CHECK, a unique index. rebuild puts each of the
// six that is not in our form into it, with every row and every column that it has
// besides. Constraints are not taken over, and none of ours is put upon rows that were
// never held to it. What the other program goes on writing fits as well.
//
// It runs in the transaction of a migration, with foreign_keys off and
// legacy_alter_table on: keys and views of other tables mean the table by its name,
// and find the new one.
//
// chained says that map rows have hashes already: their values must stay as they are
// to the bit, so the map's columns keep their types, of which SQLite makes affinities.
func rebuild(ctx context.Context, q querier, chained bool) error {
	ours, err := formOf(ctx, steps[:1])
	if err != nil {
		return err
	}
	for table := range sixTables {
		var found object
		err := q.QueryRowContext(ctx, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE lower(name) = ? AND type IN ('table', 'view')", table).
			Scan(&found.kind, &found.name, &found.sql)
		if errors.Is(err, sql.ErrNoRows) || err == nil && found.sql == ours[table].sql {
			continue
		}
		if err == nil {
			err = rebuildTable(ctx, q, found, table, chained && table == "infinite_map")
		}
		if err != nil {
			return fmt.Errorf("rebuild the table %s: %w", table, err)
		}
	}
	return nil
}

// object is a row of sqlite_schema.
type object struct{ kind, name, sql string }

// formOf is what schema steps make, by name in small letters.
func formOf(ctx context.Context, steps []string) (map[string]object, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, step := range steps {
		if _, err := db.ExecContext(ctx, step); err != nil {
			return nil, err
		}
	}
	return objects(ctx, db)
}

func objects(ctx context.Context, q querier) (map[string]object, error) {
	all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (o object, err error) {
		err = scan(&o.kind, &o.name, &o.sql)
		return o, err
	}, `SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	by := map[string]object{}
	for _, o := range all {
		by[strings.ToLower(o.name)] = o
	}
	return by, err
}

// column is one of a table that another program made.
type column struct {
	name, kind string
	def        sql.NullString
	primary    bool
}

// rebuildTable makes table of what was found under its name.
func rebuildTable(ctx context.Context, q querier, found object, table string, keepTypes bool) error {
	theirs, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (c column, err error) {
		err = scan(&c.name, &c.kind, &c.def, &c.primary)
		return c, err
	}, "SELECT name, type, dflt_value, pk = 1 FROM pragma_table_xinfo(?) WHERE hidden <> 1", found.name)
	if err != nil {
		return err
	}
	their := func(name string) *column {
		if i := slices.IndexFunc(theirs, func(c column) bool { return strings.EqualFold(c.name, name) }); i >= 0 {
			return &theirs[i]
		}
		return nil
	}
	id, keepID, err := newID(ctx, q, found, their("id"))
	if err != nil {
		return err
	}
	defs, into, from := []string{"id INTEGER PRIMARY KEY AUTOINCREMENT"}, []string{"id"}, []string{id}
	take := func(name, def string, c *column) {
		defs = append(defs, def)
		if c != nil {
			into, from = append(into, sqlquery.Quote(name)), append(from, sqlquery.Quote(c.name))
		}
	}
	mine := []string{"id"}
	for _, def := range sixTables[table] {
		name, rest, _ := strings.Cut(def, " ")
		mine = append(mine, name)
		c := their(name)
		if c != nil && keepTypes {
			_, rest, _ = strings.Cut(rest+" ", " ") // without the type
			def = name + " " + quotedType(c.kind) + " " + rest
		}
		take(name, def, c)
	}
	for i, c := range theirs {
		if slices.ContainsFunc(mine, func(m string) bool { return strings.EqualFold(m, c.name) }) {
			continue
		}
		def := sqlquery.Quote(c.name) + " " + quotedType(c.kind)
		if c.def.Valid {
			def += " DEFAULT (" + c.def.String + ")"
		}
		take(c.name, def, &theirs[i])
	}
	if c := their("id"); c != nil && !keepID {
		name := "earlier_id"
		for their(name) != nil {
			name += "_"
		}
		take(name, name+" "+quotedType(c.kind), c)
	}
	for _, statement := range []string{
		"CREATE TABLE rebuilt_" + table + " (" + strings.Join(defs, ", ") + ")",
		"INSERT INTO rebuilt_" + table + " (" + strings.Join(into, ", ") + ") SELECT " + strings.Join(from, ", ") + " FROM " + sqlquery.Quote(found.name),
	} {
		if _, err := q.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := keepSequence(ctx, q, found.name, table); err != nil {
		return err
	}
	for _, statement := range []string{"DROP " + found.kind + " " + sqlquery.Quote(found.name), "ALTER TABLE rebuilt_" + table + " RENAME TO " + table} {
		if _, err := q.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return indexNames(ctx, q, table)
}

func quotedType(kind string) string {
	if kind == "" {
		return ""
	}
	return sqlquery.Quote(kind)
}

// newID is the expression that gives the rows their ids: their own where those are
// numbers, each once.
func newID(ctx context.Context, q querier, found object, id *column) (expression string, keep bool, err error) {
	if id == nil {
		return "row_number() OVER ()", false, nil
	}
	name := sqlquery.Quote(id.name)
	err = q.QueryRowContext(ctx, "SELECT count(*) = count(DISTINCT "+name+") AND coalesce(sum(typeof("+name+") <> 'integer'), 0) = 0 FROM "+sqlquery.Quote(found.name)).Scan(&keep)
	if err != nil || keep {
		return name, keep, err
	}
	return "row_number() OVER ()", false, nil
}

// keepSequence makes ids that were given once, and whose rows are gone, stay given.
func keepSequence(ctx context.Context, q querier, from, table string) error {
	var last int64
	err := q.QueryRowContext(ctx, "SELECT seq FROM sqlite_sequence WHERE name = ?", from).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	to := "rebuilt_" + table
	if err := changedOne(q.ExecContext(ctx, "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", last, to)); !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = q.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", to, last)
	return err
}

// foundBy are the columns by which rows are found, each name once in our own tables.
var foundBy = map[string]string{"improvement_scripts": "name", "cartridge_registry": "path"}

// indexNames keeps names unique from now on, unless some are there twice already.
func indexNames(ctx context.Context, q querier, table string) error {
	name, ok := foundBy[table]
	if !ok {
		return nil
	}
	var twice bool
	if err := q.QueryRowContext(ctx, "SELECT count("+name+") > count(DISTINCT "+name+") FROM "+table).Scan(&twice); err != nil {
		return err
	}
	unique := "UNIQUE "
	if twice {
		unique = ""
	}
	_, err := q.ExecContext(ctx, "CREATE "+unique+"INDEX "+table+"_by_"+name+" ON "+table+" ("+name+")")
	return err
}

// setAside makes room for what the schema steps after version make: a table of that
// name is renamed to earlier_ and the name, anything else, which holds no rows, goes;
// the backup has it.
func setAside(ctx context.Context, q querier, version int) error {
	before, err := formOf(ctx, steps[:version])
	if err != nil {
		return err
	}
	after, err := formOf(ctx, steps)
	if err != nil {
		return err
	}
	if version == 0 {
		after["schema_version"] = object{} // migrate makes it
	}
	have, err := objects(ctx, q)
	if err != nil {
		return err
	}
	for name, o := range have {
		if _, new := after[name]; !new {
			continue
		}
		if _, old := before[name]; old || sixTables[name] != nil {
			continue
		}
		statement := "DROP " + o.kind + " IF EXISTS " + sqlquery.Quote(o.name)
		if o.kind == "table" {
			aside := "earlier_" + name
			for _, taken := have[aside]; taken; _, taken = have[aside] {
				aside += "_"
			}
			statement = "ALTER TABLE " + sqlquery.Quote(o.name) + " RENAME TO " + sqlquery.Quote(aside)
		}
		if _, err := q.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
