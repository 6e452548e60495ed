package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"time"

	"gvpie/runtime/plaintext"
	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/improvement"
	"gvpie/runtime/store/sqlquery"
)

// What Verify found.
type (
	VerifyReport = chain.Report
	Fault        = chain.Fault
	Span         = chain.Span
)

// Verify walks the whole infinite map along its chain, on one snapshot, and names every
// row that was altered or removed; a long text that a row refers to counts as part of
// it, and so do the files that a program came with. So it does the scripts whose files
// are not there, or not as they were; and, as no fault of the map, the offers and goals
// that cannot be used as they are. A row without a hash is from outside where the chain's numbers run on without a
// gap. An error means that the map could not be read: ErrCorrupt when the file itself is
// damaged.
func (s *Store) Verify(ctx context.Context) (rep VerifyReport, err error) {
	err = s.read(ctx, "verify the infinite map", func(ctx context.Context, q querier) (err error) {
		if rep, err = chain.Verify(ctx, q, nil); err != nil {
			return err
		}
		if err = verifyFiles(ctx, q, &rep); err != nil {
			return err
		}
		return verifyOffers(ctx, q, &rep)
	})
	return rep, err
}

// VerifyFolder is Verify for the database of a data folder that need not be open. It
// writes to no file, and leaves a damaged database or one of an earlier program as it
// is. ErrNotFound when there is none. It reads every row anew, whatever an earlier call
// found: that a file seems unchanged since says nothing of what became of its bytes.
func VerifyFolder(ctx context.Context, dir string, progress Progress) (rep VerifyReport, err error) {
	const op = "verify the infinite map"
	progress = orSilent(progress)
	s := &core{dir: dir}
	info, err := os.Stat(s.Path())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return rep, &Error{op, s.Path(), ErrNotFound, err}
	case err != nil:
		return rep, wrap(op, s.Path(), err)
	case !info.Mode().IsRegular():
		return rep, &Error{op, s.Path(), ErrCorrupt, errors.New("it is no file")}
	}
	err = s.readOnly(ctx, func(ctx context.Context, q querier) (err error) {
		progress("checking the file", 0, 0)
		if err := sound(ctx, q, "PRAGMA quick_check(1)"); err != nil {
			return err
		}
		version, tables, err := inspect(ctx, q)
		if err != nil {
			return err
		}
		switch {
		case version > len(steps):
			return ErrNewer
		case version >= hasChain:
			var total int64
			if end, err := chain.Head(ctx, q); err == nil {
				total = end.Seq
			}
			if rep, err = chain.Verify(ctx, q, func(rows int64) { progress("verifying rows", rows, max(total, rows)) }); err != nil {
				return err
			}
			if err := verifyFiles(ctx, q, &rep); err != nil || version < hasOffers {
				return err
			}
			return verifyOffers(ctx, q, &rep)
		}
		for _, t := range tables {
			if t == "infinite_map" { // of an earlier program: no row has a hash yet
				return q.QueryRowContext(ctx, "SELECT count(*) FROM infinite_map").Scan(&rep.Outside)
			}
		}
		return nil
	})
	return rep, wrap(op, s.Path(), err)
}

// verifyOffers names the offers that cannot be used as they are, and the goals: rows that
// anybody may write.
func verifyOffers(ctx context.Context, q querier, rep *VerifyReport) error {
	if rep.Unsettled { // what they refer to may yet come
		return nil
	}
	ids, err := sqlquery.Collect(ctx, q, sqlquery.One[int64], "SELECT id FROM improve_offers ORDER BY id")
	if err != nil {
		return err
	}
	for _, id := range ids {
		o, err := improvement.Read(ctx, q, id)
		if err != nil {
			return err
		}
		if o.Fault != "" {
			rep.Unusable = append(rep.Unusable, fmt.Sprintf("offer %d: %s", id, o.Fault))
		}
	}
	goals, err := sqlquery.Collect(ctx, q, scanGoal, goalListQuery+"WHERE g.id < ?1 AND a.goal_id IS NOT NULL ORDER BY g.id DESC LIMIT ?2", Page{Limit: math.MaxInt}.listArgs()...)
	for _, g := range goals {
		if err := g.Aim.ReadCheck(ctx, q); err != nil {
			return err
		}
		if g.Aim.Fault != "" {
			rep.Unusable = append(rep.Unusable, fmt.Sprintf("goal %d: %s", g.ID, g.Aim.Fault))
		}
	}
	return err
}

// verifyFiles names the scripts of which a file is not there, or was altered.
func verifyFiles(ctx context.Context, q querier, rep *VerifyReport) error {
	if rep.Unsettled { // the files may yet come
		return nil
	}
	type script struct {
		id         int64
		name, code string
	}
	all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (s script, err error) {
		err = scan(&s.id, &s.name, &s.code)
		return s, err
	}, "SELECT "+sqlquery.Columns("s.id", short("s.name"), references)+" FROM improvement_scripts s ORDER BY s.id")
	if err != nil {
		return err
	}
	files := &bundle.Reader{Q: q}
	for _, s := range all {
		if _, why, err := wholeCode(ctx, files, s.code); err != nil {
			return err
		} else if why != "" {
			rep.Faults = append(rep.Faults, Fault{ID: s.id, Why: fmt.Sprintf("script %d (%s): %s", s.id, plaintext.Line(s.name), why)})
		}
	}
	return nil
}

// readOnly runs fn on one snapshot of a database that nobody may write to. Without a
// log beside it nobody has it open: it is then read as a file that does not change,
// for which SQLite makes no files of its own; should somebody open it meanwhile, once
// more beside them.
func (s *core) readOnly(ctx context.Context, fn func(context.Context, querier) error) error {
	before, err := os.Stat(s.Path())
	if err != nil {
		return err
	}
	if !s.hasLog() {
		err = readFile(ctx, s.Path(), "&immutable=1", fn)
		after, e := os.Stat(s.Path())
		if e == nil && !s.hasLog() && after.ModTime().Equal(before.ModTime()) && after.Size() == before.Size() {
			return err
		}
	}
	return readFile(ctx, s.Path(), "", fn)
}

func (s *core) hasLog() bool {
	info, err := os.Stat(s.Path() + "-wal")
	return err == nil && info.Size() > 0
}

// readFile runs fn on one snapshot of the database in a file, opened read-only and how.
func readFile(ctx context.Context, path, how string, fn func(context.Context, querier) error) error {
	db, err := sql.Open("sqlite", dsn(path, "ro", time.Minute, "query_only(1)")+how)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	return fn(ctx, conn)
}
