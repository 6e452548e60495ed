package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Cartridge is a row of cartridge_registry.
type Cartridge struct {
	ID            int64
	Path          string // unique
	Kind          string // "pixel", "code", "dataset" or "prompt"
	Checksum      string
	Width, Height int64
	CreatedAt     time.Time
	ParentID      int64 // the cartridge it was made from; 0: none
	ExecutedCount int64
}

var cartridgeQuery = "SELECT " + sqlquery.Columns("id", fmt.Sprintf("iif(octet_length(path) > %d, '', %s)", listRead, sqlquery.Text("path")), short("kind"), short("checksum"), sqlquery.Integer("width"), sqlquery.Integer("height"),
	"CAST(created_at AS TEXT)", sqlquery.Integer("parent_id"), sqlquery.Integer("executed_count")) + " FROM cartridge_registry "

func scanCartridge(scan func(...any) error) (c Cartridge, err error) {
	var created sql.NullString
	err = scan(&c.ID, &c.Path, &c.Kind, &c.Checksum, &c.Width, &c.Height, &created, &c.ParentID, &c.ExecutedCount)
	c.CreatedAt = sqlquery.ParseTime(created)
	return c, err
}

// AddCartridge registers a cartridge by its path; one that is registered gets the new
// checksum, kind, size and, unless 0, parent, and keeps its id and count. A zero
// CreatedAt is now.
func (s *cartridgeTable) AddCartridge(ctx context.Context, c Cartridge) (id int64, err error) {
	if c.CreatedAt.IsZero() {
		c.CreatedAt = s.o.Now()
	}
	err = s.write(ctx, "register cartridge "+c.Path, func(ctx context.Context, q querier) error {
		switch c.Kind {
		case "pixel", "code", "dataset", "prompt":
		default:
			return fmt.Errorf("unknown kind of cartridge %q: it may be pixel, code, dataset or prompt", c.Kind)
		}
		// No ON CONFLICT: a table that another program made may hold a path twice.
		err := q.QueryRowContext(ctx, `UPDATE cartridge_registry SET kind = ?, checksum = ?, width = ?, height = ?, parent_id = coalesce(?, parent_id)
			WHERE id = (SELECT min(id) FROM cartridge_registry WHERE path = ?) RETURNING id`,
			c.Kind, c.Checksum, c.Width, c.Height, nullID(c.ParentID), c.Path).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		free, err := sqlquery.FreeID(ctx, q, "cartridge_registry")
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `INSERT INTO cartridge_registry (id, path, kind, checksum, width, height, created_at, parent_id, executed_count)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING id`,
			free, c.Path, c.Kind, c.Checksum, c.Width, c.Height, sqlquery.FormatTime(c.CreatedAt), nullID(c.ParentID)).Scan(&id)
	})
	return id, err
}

// CartridgeByIDOrPath finds a cartridge as a script names it: by its path, or else,
// when it is a number, by its id. ErrNotFound.
func (s *cartridgeTable) CartridgeByIDOrPath(ctx context.Context, name string) (c Cartridge, err error) {
	id, _ := strconv.ParseInt(name, 10, 64)
	err = s.read(ctx, fmt.Sprintf("cartridge %q", name), func(ctx context.Context, q querier) (err error) {
		c, err = scanCartridge(q.QueryRowContext(ctx, cartridgeQuery+"WHERE path = ?1 OR id = ?2 ORDER BY path <> ?1 LIMIT 1", name, id).Scan)
		return err
	})
	return c, err
}

// CountExecuted counts one more run of a cartridge; ErrNotFound.
func (s *cartridgeTable) CountExecuted(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("cartridge %d", id), func(ctx context.Context, q querier) error {
		return changedOne(q.ExecContext(ctx, "UPDATE cartridge_registry SET executed_count = "+sqlquery.Integer("executed_count")+" + 1 WHERE id = ?", id))
	})
}

// Cartridges is a page of the registry.
func (s *cartridgeTable) Cartridges(ctx context.Context, p Page) (all []Cartridge, err error) {
	err = s.read(ctx, "read the cartridges", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanCartridge, cartridgeQuery+"WHERE id < ? ORDER BY id DESC LIMIT ?", p.args()...)
		return err
	})
	return all, err
}
