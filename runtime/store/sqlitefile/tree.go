package sqlitefile

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
)

// The kinds of pages of tables.
const (
	interior = 0x05
	leaf     = 0x0d
)

// head finds the header of a page of a tree, which on the first page comes after that
// of the file.
func head(n uint32, page []byte) []byte {
	if n == 1 {
		return page[100:]
	}
	return page
}

// cells calls yield with the place of each cell of a page of a table.
func cells(n uint32, page []byte, yield func(at int)) {
	h := head(n, page)
	first := 8
	if h[0] == interior {
		first = 12
	}
	for i := range int(binary.BigEndian.Uint16(h[3:])) {
		if first+2*i+2 > len(h) {
			return
		}
		if at := int(binary.BigEndian.Uint16(h[first+2*i:])); at >= first {
			yield(at)
		}
	}
}

// Load reads the schema and finds out which pages belong to which table. It reads the
// pages between roots and leaves alone, or, where the schema is damaged, all there are.
func (d *File) Load(ctx context.Context) error {
	d.tables, d.owner, d.free = nil, make([]uint16, d.pages+1), make([]bool, d.pages+1)
	d.broken = map[uint16]int{}
	d.findFree()
	d.walk(1, 1)
	damaged := !d.header
	for n := range d.owner {
		if d.owner[n] == 1 {
			lost, err := d.Rows(uint32(n), d.schemaRow)
			damaged = damaged || lost > 0 || err != nil
		}
	}
	if damaged || len(d.tables) == 0 {
		for n := uint32(1); n <= d.pages; n++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if d.owner[n] == 0 && !d.free[n] {
				_, _ = d.Rows(n, d.schemaRow) // it may be no page of a table
			}
		}
	}
	clear(d.owner)
	clear(d.broken)
	d.walk(1, math.MaxUint16)
	for i, t := range d.tables {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.walk(t.root, uint16(i+1))
	}
	return nil
}

// schemaRow takes a table from a row of the schema; other rows are passed over.
func (d *File) schemaRow(r Row) {
	if len(r.Values) != 5 || len(d.tables) == math.MaxUint16-1 {
		return
	}
	kind, _ := r.Values[0].(string)
	name, ok := r.Values[1].(string)
	root, number := r.Values[3].(int64)
	sql, text := r.Values[4].(string)
	known := func(t Table) bool { return t.Name == name }
	if kind != "table" || !ok || !number || !text || root < 2 || root > int64(d.pages) || slices.ContainsFunc(d.tables, known) {
		return
	}
	d.tables = append(d.tables, Table{name, sql, uint32(root)})
}

// walk marks the leaves of a tree as a table's.
func (d *File) walk(root uint32, mark uint16) {
	seen := map[uint32]bool{}
	for next := []uint32{root}; len(next) > 0; {
		n := next[len(next)-1]
		next = next[:len(next)-1]
		if n == 0 || n > d.pages || seen[n] || d.owner[n] != 0 || d.free[n] {
			continue
		}
		page, err := d.page(n)
		if err != nil {
			d.broken[mark]++
			continue
		}
		switch h := head(n, page); h[0] {
		default:
			d.broken[mark]++
		case leaf:
			d.owner[n] = mark
		case interior:
			seen[n] = true
			next = append(next, binary.BigEndian.Uint32(h[8:]))
			cells(n, page, func(at int) {
				if at+4 <= len(page) {
					next = append(next, binary.BigEndian.Uint32(page[at:]))
				}
			})
		}
	}
}

// findFree marks the pages that hold nothing any more.
func (d *File) findFree() {
	first, err := d.page(1)
	if err != nil || !d.header {
		return
	}
	for n := binary.BigEndian.Uint32(first[32:]); n > 1 && n <= d.pages && !d.free[n]; {
		d.free[n] = true
		page, err := d.page(n)
		if err != nil {
			return
		}
		for i := range min(int(binary.BigEndian.Uint32(page[4:])), d.pageSize/4-2) {
			if n := binary.BigEndian.Uint32(page[8+4*i:]); n > 1 && n <= d.pages {
				d.free[n] = true
			}
		}
		n = binary.BigEndian.Uint32(page)
	}
}

// Tables are those that the schema tells of, after Load.
func (d *File) Tables() []Table { return d.tables }

// Owner is the index in Tables of the table that a leaf page belongs to; −1 for a page
// of none, which may still be a leaf that is no longer found from its root. ok is false
// for pages that need not be read.
func (d *File) Owner(page uint32) (table int, ok bool) {
	switch o := d.owner[page]; {
	case d.free[page] || o == math.MaxUint16:
		return -1, false
	default:
		return int(o) - 1, true
	}
}

// Rows reads the rows of a leaf page. lost is how many it says that it has which cannot
// be read. An error means that the page is not there; one of another kind has no rows.
func (d *File) Rows(n uint32, yield func(Row)) (lost int, err error) {
	page, err := d.page(n)
	if err != nil {
		return 0, err
	}
	h := head(n, page)
	if h[0] != leaf {
		return 0, nil
	}
	most := (len(h) - 8) / 2
	if count := int(binary.BigEndian.Uint16(h[3:])); count > most {
		return most, nil
	}
	found := 0
	cells(n, page, func(at int) {
		if at >= d.usable {
			return
		}
		if r, err := d.cell(page[at:d.usable]); err == nil {
			found++
			yield(r)
		}
	})
	return int(binary.BigEndian.Uint16(h[3:])) - found, nil
}

// Last is the greatest rowid of a table, as far as the way to it can be read.
func (d *File) Last(t Table) (id int64, ok bool) {
	for n, depth := t.root, 0; depth < 50; depth++ {
		page, err := d.page(n)
		if err != nil {
			return 0, false
		}
		h := head(n, page)
		switch h[0] {
		case interior:
			n = binary.BigEndian.Uint32(h[8:])
		case leaf:
			lost, err := d.Rows(n, func(r Row) { id, ok = max(id, r.ID), true })
			return id, ok && lost == 0 && err == nil
		default:
			return 0, false
		}
	}
	return 0, false
}

// Broken is how many pages of a table's tree cannot be read. What was in one of them is
// lost; the pages below one may still be found.
func (d *File) Broken(table int) int { return d.broken[uint16(table+1)] }

// Read calls yield with the rows of a table whose pages are still found.
func (d *File) Read(table int, yield func(Row)) (lost int) {
	for n := range d.owner {
		if int(d.owner[n]) == table+1 {
			less, _ := d.Rows(uint32(n), yield)
			lost += less
		}
	}
	return lost
}
