package chain

import (
	"context"
	"math"

	"gvpie/runtime/store/sqlquery"
)

// along calls visit with each id after "after", up to "to", that the chain, the map or,
// of the imports in good, the rows that were brought in have: in order, with what each
// has. All are read side by side, a stretch at a time; math.MinInt64 is before all others.
func along(ctx context.Context, q sqlquery.Querier, after, to int64, good map[int64]bool, progress func(rows int64), visit func(id int64, l *Link, row *Row, seal []byte) error) error {
	first, read := after == math.MinInt64, int64(0)
	for {
		links, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (l Link, err error) {
			err = scan(&l.ID, &l.Seq, &l.Hash)
			return l, err
		}, "SELECT map_id, seq, hash FROM map_chain WHERE map_id > ? AND map_id <= ? ORDER BY map_id LIMIT ?", after, to, Stretch)
		if err != nil {
			return err
		}
		rows, err := Rows(ctx, q, after, to, first)
		if err != nil {
			return err
		}
		var brought []sealed
		if len(good) > 0 {
			if brought, err = sealsAfter(ctx, q, after, to); err != nil {
				return err
			}
		}
		// As far as all were read.
		end := to
		if len(links) == Stretch {
			end = min(end, links[Stretch-1].ID)
		}
		if len(rows) == Stretch {
			end = min(end, rows[Stretch-1].ID())
		}
		if len(brought) == Stretch {
			end = min(end, brought[Stretch-1].id)
		}
		for {
			id, any := int64(math.MaxInt64), false
			lower := func(n int64) { id, any = min(id, n), true }
			if len(links) > 0 {
				lower(links[0].ID)
			}
			if len(rows) > 0 {
				lower(rows[0].ID())
			}
			if len(brought) > 0 {
				lower(brought[0].id)
			}
			if !any || id > end {
				break
			}
			var l *Link
			var row *Row
			var seal []byte
			if len(links) > 0 && links[0].ID == id {
				l, links = &links[0], links[1:]
			}
			if len(rows) > 0 && rows[0].ID() == id {
				row, rows = &rows[0], rows[1:]
				read++
			}
			if len(brought) > 0 && brought[0].id == id {
				if good[brought[0].importID] {
					seal = brought[0].hash
				}
				brought = brought[1:]
			}
			if l == nil && row == nil && seal == nil { // a hash that is none of ours
				continue
			}
			if err := visit(id, l, row, seal); err != nil {
				return err
			}
		}
		progress(read)
		if end == to {
			return nil
		}
		after, first = end, false
	}
}
