package store

import (
	"context"
	"encoding/hex"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/runtime/store/archive"
	"gvpie/runtime/store/chain"
)

// Progress is told how far something is that takes long: what is being done, and how much
// of how much; total is 0 where that is not known.
type Progress = archive.Progress

func orSilent(p Progress) Progress {
	if p == nil {
		return func(string, int64, int64) {}
	}
	return p
}

// Export writes every table as JSON Lines, and the pictures, into a new folder dir, from
// one snapshot. It appears there when it is whole; dir must not exist yet, or be empty.
// Pictures whose files are not there, as they were dropped, are what again gives, which
// is asked with their hashes. leftOut says what could not be taken along, as a picture
// that was altered.
func (s *Store) Export(ctx context.Context, dir string, again func(context.Context, string) ([]byte, error), progress Progress) (leftOut []string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, "export", func(ctx context.Context, q querier) (err error) {
		leftOut, err = archive.Write(ctx, q, archive.Source{Schema: len(steps), Pictures: s.pictures(), Again: again}, dir, orSilent(progress))
		return err
	})
	return leftOut, wrap("export", dir, err)
}

// earlierTexts are the ids of the export up to which rows of the map and runs refer to
// long texts in their columns; −1 for none.
func (in *importing) earlierTexts() (map[string]int64, error) {
	all := map[string]int64{"infinite_map": -1, "improvement_runs": -1}
	if !slices.ContainsFunc(in.from.Tables, func(t archive.Table) bool { return t.Name == "earlier_texts" }) {
		return map[string]int64{"infinite_map": math.MaxInt64, "improvement_runs": math.MaxInt64}, nil
	}
	return all, in.from.Read("earlier_texts", func(_ int64, columns []string, values []any, _ error) error {
		for i, c := range columns {
			n, _ := values[i].(int64)
			switch {
			case n <= 0:
			case c == "map_id":
				all["infinite_map"] = n
			case c == "run_id":
				all["improvement_runs"] = n
			}
		}
		return nil
	})
}

// textsOf are, by table, the one beside it and the columns of texts that may be long.
var textsOf = map[string]struct {
	table, id string
	columns   []string
}{
	"infinite_map":     {"map_texts", "map_id", []string{"task_description", "code", "result", "analysis"}},
	"improvement_runs": {"run_texts", "run_id", []string{"stdout", "stderr"}},
}

// referTo writes down which texts a row of an earlier version refers to: here its columns
// say so no more.
func referTo(ctx context.Context, q querier, table string, id int64, columns []string, values []any) error {
	beside := textsOf[table]
	set, args := []string{beside.id}, []any{id}
	for _, c := range beside.columns {
		i := slices.Index(columns, c)
		if i < 0 {
			continue
		}
		text, _ := values[i].(string)
		if hash, err := hex.DecodeString(chain.RefOf(text)); err == nil && len(hash) > 0 {
			set, args = append(set, c), append(args, hash)
		}
	}
	if len(args) == 1 {
		return nil
	}
	_, err := q.ExecContext(ctx, "INSERT OR IGNORE INTO "+beside.table+" ("+strings.Join(set, ", ")+") VALUES (?"+strings.Repeat(", ?", len(set)-1)+")", args...)
	return err
}
