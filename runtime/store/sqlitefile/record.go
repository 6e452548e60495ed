package sqlitefile

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf16"
)

// Row is a row of a table: each value nil, int64, float64, string or []byte. Where the
// rowid has a name as a column, that column's value is nil.
type Row struct {
	ID     int64
	Values []any
}

var errRow = errors.New("it is no row")

// varint reads a number of one to nine bytes; n is 0 where there is none.
func varint(b []byte) (v uint64, n int) {
	for n < len(b) {
		c := b[n]
		n++
		if n == 9 {
			return v<<8 | uint64(c), n
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return v, n
		}
	}
	return 0, 0
}

// cell reads the row that begins at b[0] in a leaf page, with its overflow pages.
func (d *File) cell(b []byte) (r Row, err error) {
	length, n := varint(b)
	id, m := varint(b[n:])
	if n == 0 || m == 0 || length > uint64(d.pages)*uint64(d.pageSize) {
		return r, errRow
	}
	b = b[n+m:]
	u, p := d.usable, int(length)
	local := p
	if most := u - 35; p > most {
		least := (u-12)*32/255 - 23
		if local = least + (p-least)%(u-4); local > most {
			local = least
		}
	}
	if local > len(b) || local < p && local+4 > len(b) {
		return r, errRow
	}
	payload := b[:local:local]
	if local < p {
		next := binary.BigEndian.Uint32(b[local:])
		for len(payload) < p {
			page, err := d.page(next)
			if err != nil {
				return r, err
			}
			next = binary.BigEndian.Uint32(page)
			payload = append(payload, page[4:4+min(u-4, p-len(payload))]...)
		}
		if next != 0 {
			return r, errRow
		}
	}
	r.ID = int64(id)
	r.Values, err = d.record(payload)
	return r, err
}

// record reads the values of a row. Their lengths must be that of the record, which is
// what tells one from other bytes.
func (d *File) record(b []byte) (all []any, err error) {
	length, n := varint(b)
	if n == 0 || length > uint64(len(b)) || int(length) < n {
		return nil, errRow
	}
	types, body := b[n:length], b[length:]
	for len(types) > 0 {
		t, n := varint(types)
		if n == 0 {
			return nil, errRow
		}
		types = types[n:]
		size := sizeOf(t)
		if size > uint64(len(body)) {
			return nil, errRow
		}
		v, err := d.value(t, body[:size])
		if err != nil {
			return nil, err
		}
		all, body = append(all, v), body[size:]
	}
	if len(body) > 0 || len(all) == 0 {
		return nil, errRow
	}
	return all, nil
}

// sizeOf is how many bytes a value of a serial type has.
func sizeOf(t uint64) uint64 {
	switch {
	case t <= 4:
		return t
	case t == 5:
		return 6
	case t <= 7:
		return 8
	case t < 12:
		return 0
	}
	return (t - 12) / 2
}

func (d *File) value(t uint64, b []byte) (any, error) {
	switch {
	case t == 0:
		return nil, nil
	case t == 7:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	case t <= 6:
		v := int64(int8(b[0]))
		for _, c := range b[1:] {
			v = v<<8 | int64(c)
		}
		return v, nil
	case t == 8 || t == 9:
		return int64(t - 8), nil
	case t < 12:
		return nil, errRow
	case t%2 == 0:
		return append([]byte{}, b...), nil
	}
	return d.text(b), nil
}

func (d *File) text(b []byte) string {
	var order binary.ByteOrder = binary.LittleEndian
	switch d.encoding {
	case 1:
		return string(b)
	case 3:
		order = binary.BigEndian
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
