// Package sqlitefile reads the rows that a SQLite file still holds, however damaged it
// is: page by page, by the file format (https://sqlite.org/fileformat2.html), with the
// write-ahead log beside it. SQLite itself gives up where a page on the way to the
// others is lost; here each leaf page is read for itself.
//
// It only reads, trusts no number that it finds, and knows nothing of what the tables
// are for. Rows of WITHOUT ROWID tables, which lie in index pages, are not read. Start
// reading at Open, then Load and Rows.
package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"gvpie/runtime/regularfile"
)

// File is a file that is being read.
type File struct {
	f, wal   *os.File         // wal is nil where there is none
	size     int64            // of f
	pageSize int              //
	usable   int              // bytes of a page that SQLite uses
	pages    uint32           // how many there are, in f or in the log
	frames   map[uint32]int64 // where in the log a page's last contents lie
	encoding uint32           // of texts: 1 UTF-8, 2 UTF-16le, 3 UTF-16be
	header   bool             // that of the file is there

	tables []Table
	owner  []uint16       // by page, the index in tables + 1 of the leaf pages of a tree; 0: none
	free   []bool         // by page: on the list of those that hold nothing
	broken map[uint16]int // by owner: pages of its tree that cannot be read
}

// Table is one that the schema tells of.
type Table struct {
	Name, SQL string
	root      uint32
}

// defaultPage is the page size of a file whose header is lost: SQLite's own default.
const defaultPage = 4096

// Open opens the file at path and the log beside it. A damaged file is no error.
func Open(path string) (_ *File, err error) {
	f, err := regularfile.Open(path)
	if err != nil {
		return nil, err
	}
	d := &File{f: f, frames: map[uint32]int64{}, encoding: 1}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	d.size = info.Size()
	d.readHeader()
	if err := d.readLog(path + "-wal"); err != nil {
		return nil, err
	}
	if d.pageSize == 0 {
		d.pageSize = d.guessPageSize()
		d.usable = d.pageSize
	}
	d.pages = max(d.pages, uint32(min((d.size+int64(d.pageSize)-1)/int64(d.pageSize), maxPages)))
	return d, nil
}

// maxPages is the most that a database has.
const maxPages = 1<<32 - 2

// Close closes it.
func (d *File) Close() error {
	err := d.f.Close()
	if d.wal != nil {
		err = errors.Join(err, d.wal.Close())
	}
	return err
}

// Pages is how many pages there are; the first is number 1.
func (d *File) Pages() uint32 { return d.pages }

// PageSize is how many bytes a page has.
func (d *File) PageSize() int { return d.pageSize }

// readHeader takes from the first 100 bytes what is sensible there.
func (d *File) readHeader() {
	var h [100]byte
	if _, err := d.f.ReadAt(h[:], 0); err != nil || string(h[:16]) != "SQLite format 3\x00" {
		return
	}
	size := int(binary.BigEndian.Uint16(h[16:]))
	if size == 1 {
		size = 65536
	}
	if !isPageSize(size) || size-int(h[20]) < 480 {
		return
	}
	d.header, d.pageSize, d.usable = true, size, size-int(h[20])
	if e := binary.BigEndian.Uint32(h[56:]); e == 2 || e == 3 {
		d.encoding = e
	}
}

func isPageSize(n int) bool { return n >= 512 && n <= 65536 && n&(n-1) == 0 }

// readLog finds the pages that transactions in the log have written. Frames of another
// log that lay in the file before, or after damage, do not count.
func (d *File) readLog(path string) error {
	wal, err := regularfile.Open(path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, regularfile.ErrNot) {
		return nil
	}
	if err != nil {
		return err
	}
	d.wal = wal
	var h [32]byte
	if _, err := wal.ReadAt(h[:], 0); err != nil {
		return nil
	}
	magic, size := binary.BigEndian.Uint32(h[:]), int(binary.BigEndian.Uint32(h[8:]))
	if magic&^1 != 0x377f0682 || !isPageSize(size) || d.pageSize != 0 && d.pageSize != size {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if magic&1 == 1 {
		order = binary.BigEndian
	}
	sum := checksum(order, [2]uint32{}, h[:24])
	if sum != [2]uint32{binary.BigEndian.Uint32(h[24:]), binary.BigEndian.Uint32(h[28:])} {
		return nil
	}
	if d.pageSize == 0 {
		d.pageSize, d.usable = size, size
	}
	frame := make([]byte, 24+size)
	open := map[uint32]int64{} // of a transaction that has not ended yet
	for at := int64(len(h)); ; at += int64(len(frame)) {
		if _, err := io.ReadFull(io.NewSectionReader(wal, at, int64(len(frame))), frame); err != nil {
			return nil
		}
		if string(frame[8:16]) != string(h[16:24]) {
			return nil
		}
		sum = checksum(order, checksum(order, sum, frame[:8]), frame[24:])
		if sum != [2]uint32{binary.BigEndian.Uint32(frame[16:]), binary.BigEndian.Uint32(frame[20:])} {
			return nil
		}
		open[binary.BigEndian.Uint32(frame)] = at + 24
		if pages := binary.BigEndian.Uint32(frame[4:]); pages != 0 {
			for n, at := range open {
				d.frames[n] = at
			}
			clear(open)
			d.pages = pages
		}
	}
}

// checksum is the one of write-ahead logs.
func checksum(order binary.ByteOrder, s [2]uint32, b []byte) [2]uint32 {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += order.Uint32(b) + s[1]
		s[1] += order.Uint32(b[4:]) + s[0]
	}
	return s
}

// page reads a page; an error when it is not there whole.
func (d *File) page(n uint32) ([]byte, error) {
	if n == 0 || n > d.pages {
		return nil, fmt.Errorf("there is no page %d", n)
	}
	b := make([]byte, d.pageSize)
	if at, ok := d.frames[n]; ok {
		_, err := d.wal.ReadAt(b, at)
		return b, err
	}
	_, err := d.f.ReadAt(b, int64(n-1)*int64(d.pageSize))
	return b, err
}
