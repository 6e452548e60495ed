package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"gvpie/runtime/store/sqlquery"
)

// A placer puts rows that come from elsewhere into the tables of this database: each
// once, under its own id where that is free, and with what it refers to.
type placer struct {
	q     querier
	forms map[string]form
	// merge says that a row which is another's equal in all but its id is the same.
	merge bool
	// moved are, by table, the ids that rows did not keep.
	moved map[string]map[int64]int64
	// note, where it is not nil, is told of each of those.
	note func(table string, was, now int64) error
}

// form is what a table looks like.
type form struct {
	columns []string
	id      string // the column that is the rowid; "" for none
}

// identity says by what a row is known, and which of its columns are ids of others.
type identity struct {
	key        []string          // the columns that make two rows the same; none: all but the id
	references map[string]string // column → table
}

var identities = map[string]identity{
	"improvement_scripts": {key: []string{"name"}},
	"improvement_runs":    {references: map[string]string{"script_id": "improvement_scripts"}},
	"development_goals":   {key: []string{"goal", "created_at"}},
	"cartridge_registry":  {key: []string{"path"}, references: map[string]string{"parent_id": "cartridge_registry"}},
	"settings":            {key: []string{"key"}},
	"script_state":        {references: map[string]string{"script_id": "improvement_scripts"}},
	"pictures":            {key: []string{"hash"}},
	"contents":            {key: []string{"hash"}},
	"bundles":             {key: []string{"hash"}},
	"run_details":         {references: map[string]string{"run_id": "improvement_runs", "map_id": "infinite_map", "human_png": "pictures", "machine_png": "pictures"}},
	"picture_files":       {references: map[string]string{"picture_id": "pictures", "run_id": "improvement_runs"}},
	"map_texts":           {references: map[string]string{"map_id": "infinite_map"}},
	"run_texts":           {references: map[string]string{"run_id": "improvement_runs"}},
	"confinements":        {key: []string{"layers"}},
	"run_confinements":    {references: map[string]string{"run_id": "improvement_runs", "confinement_id": "confinements"}},
	"improve_offers": {key: []string{"script", "source", "before", "found_at"},
		references: map[string]string{"script_id": "improvement_scripts", "goal_id": "development_goals", "human_png": "pictures", "machine_png": "pictures", "map_id": "infinite_map"}},
	"goal_aims":         {references: map[string]string{"goal_id": "development_goals", "target": "pictures", "script_id": "improvement_scripts"}},
	"improve_archive":   {key: []string{"picture"}},
	"improve_campaigns": {references: map[string]string{"script_id": "improvement_scripts"}},
	"improve_hours":     {key: []string{"hour"}},
	"removed_scripts":   {key: []string{"name", "removed_at"}},
	"orphaned_runs":     {references: map[string]string{"run_id": "improvement_runs", "removed_id": "removed_scripts"}},
}

func newPlacer(ctx context.Context, q querier, merge bool) (*placer, error) {
	p := &placer{q: q, merge: merge, forms: map[string]form{}, moved: map[string]map[int64]int64{}}
	tables, err := sqlquery.Collect(ctx, q, sqlquery.One[string], `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	for _, t := range tables {
		if p.forms[t], err = formOfTable(ctx, q, t); err != nil {
			return nil, err
		}
	}
	return p, err
}

// formOfTable reads what a table looks like.
func formOfTable(ctx context.Context, q querier, table string) (f form, err error) {
	type column struct {
		name, kind string
		primary    int
	}
	all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (c column, err error) {
		err = scan(&c.name, &c.kind, &c.primary)
		return c, err
	}, "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden <> 2", table) // those that lie in the file
	keys := 0
	for _, c := range all {
		f.columns = append(f.columns, c.name)
		if c.primary > 0 {
			keys++
			if strings.EqualFold(c.kind, "INTEGER") {
				f.id = c.name
			}
		}
	}
	if keys != 1 {
		f.id = ""
	}
	return f, err
}

// place puts in a row, given as the values of columns; columns that the table has not
// are left out. isNew is false where it was there already. An error that is not Whole is
// of the row alone.
func (p *placer) place(ctx context.Context, table string, columns []string, values []any) (isNew bool, err error) {
	f, ok := p.forms[table]
	if !ok {
		return false, fmt.Errorf("there is no table %s", table)
	}
	who := identities[table]
	r := p.row(table, columns, values)
	id, hasID := int64(0), false
	if at := slices.Index(r.columns, f.id); f.id != "" && at >= 0 {
		id, hasID = r.values[at].(int64)
	}
	if hasID {
		same, taken, err := p.at(ctx, table, f, who, r, id)
		if err != nil || same {
			return false, err
		}
		if taken && who.references[f.id] != "" { // of another's row, which has one
			return false, nil
		}
		if !taken && !p.merge && who.key == nil {
			return p.insert(ctx, table, f, who, r)
		}
		if other, found, err := p.like(ctx, table, f, who, r); err != nil || found {
			return false, errors.Join(err, p.move(table, id, other))
		}
		if taken {
			free, err := sqlquery.FreeID(ctx, p.q, table)
			if err != nil {
				return false, err
			}
			r.values[slices.Index(r.columns, f.id)] = free
			if isNew, err = p.insert(ctx, table, f, who, r); err == nil {
				err = p.move(table, id, free)
			}
			return isNew, err
		}
		return p.insert(ctx, table, f, who, r)
	}
	if _, found, err := p.like(ctx, table, f, who, r); err != nil || found {
		if err == nil && table == "settings" {
			err = p.setting(ctx, r)
		}
		return false, err
	}
	return p.insert(ctx, table, f, who, r)
}

// setting takes the value of a setting over where nobody has chosen another here.
func (p *placer) setting(ctx context.Context, r row) error {
	key, at := slices.Index(r.columns, "key"), slices.Index(r.columns, "value")
	if key < 0 || at < 0 {
		return nil
	}
	name, _ := r.values[key].(string)
	spec, ours := FindSetting(name)
	if !ours {
		return nil
	}
	_, err := p.q.ExecContext(ctx, "UPDATE settings SET value = ? WHERE key = ? AND value = ?", r.values[at], name, spec.Default)
	return err
}

// row is a row of a table from the values of columns that it has, with the ids that what
// it refers to has here.
func (p *placer) row(table string, columns []string, values []any) (r row) {
	f, who := p.forms[table], identities[table]
	for i, c := range columns {
		if i >= len(values) || !slices.Contains(f.columns, c) || slices.Contains(r.columns, c) {
			continue
		}
		v := values[i]
		if id, number := v.(int64); number {
			if now, moved := p.moved[who.references[c]][id]; moved {
				v = now
			}
		}
		r.columns, r.values = append(r.columns, c), append(r.values, v)
	}
	return r
}

// row is one that is to be placed.
type row struct {
	columns []string
	values  []any
}

// equals is a condition on a table's rows, with its arguments, that they equal r in the
// columns by which they are known.
func (r row) equals(f form, who identity) (condition string, args []any) {
	var all []string
	for i, c := range r.columns {
		if c == f.id || who.key != nil && !slices.Contains(who.key, c) {
			continue
		}
		all = append(all, sqlquery.Quote(c)+" IS ?")
		args = append(args, r.values[i])
	}
	if all == nil {
		return "true", nil
	}
	return strings.Join(all, " AND "), args
}

// at says whether the table has a row with that id, and whether it is the same.
func (p *placer) at(ctx context.Context, table string, f form, who identity, r row, id int64) (same, taken bool, err error) {
	condition, args := r.equals(f, who)
	err = p.q.QueryRowContext(ctx, "SELECT "+condition+" FROM "+sqlquery.Quote(table)+" WHERE "+sqlquery.Quote(f.id)+" = ?", append(args, id)...).Scan(&same)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return same, err == nil, err
}

// like finds a row that is the same under another id.
func (p *placer) like(ctx context.Context, table string, f form, who identity, r row) (id int64, found bool, err error) {
	condition, args := r.equals(f, who)
	column := "0"
	if f.id != "" {
		column = sqlquery.Quote(f.id)
	}
	err = p.q.QueryRowContext(ctx, "SELECT "+column+" FROM "+sqlquery.Quote(table)+" WHERE "+condition+" LIMIT 1", args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

func (p *placer) move(table string, was, now int64) error {
	if was == now {
		return nil
	}
	if p.moved[table] == nil {
		p.moved[table] = map[int64]int64{}
	}
	if p.moved[table][was] == now {
		return nil
	}
	p.moved[table][was] = now
	if p.note == nil {
		return nil
	}
	return p.note(table, was, now)
}

// insert puts a row in. Where what it refers to is not there, it refers to nothing.
func (p *placer) insert(ctx context.Context, table string, f form, who identity, r row) (isNew bool, err error) {
	if len(r.columns) == 0 {
		return false, errors.New("it has none of the table's columns")
	}
	var names []string
	for _, c := range r.columns {
		names = append(names, sqlquery.Quote(c))
	}
	query := "INSERT INTO " + sqlquery.Quote(table) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	_, err = p.q.ExecContext(ctx, query, r.values...)
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == lib.SQLITE_CONSTRAINT_FOREIGNKEY {
		for i, c := range r.columns {
			if to := who.references[c]; to != "" && c != f.id {
				var there bool
				if err := p.q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+sqlquery.Quote(to)+" WHERE id = ?)", r.values[i]).Scan(&there); err != nil {
					return false, err
				}
				if !there {
					r.values[i] = nil
				}
			}
		}
		_, err = p.q.ExecContext(ctx, query, r.values...)
	}
	if err != nil {
		return false, err
	}
	return true, nil
}
