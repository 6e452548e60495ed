// Package archive is the folder that an export is: what lies in it, and how a table's
// rows are lines of JSON. It writes and reads rows, and knows neither a database nor
// what a table is for. Start reading at Manifest, then WriteRow and Folder.
package archive

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gvpie/runtime/regularfile"
)

// Manifest says what is in an export. It is written last: a folder without one was never
// finished.
type Manifest struct {
	Export int     `json:"export"` // the form of the folder: 1
	Schema int     `json:"schema"` // of the database
	Tables []Table `json:"tables"`
}

// Table is one of the database's.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	SQL  string `json:"sql"` // how it was made
}

// ManifestName is the file with the Manifest.
const ManifestName = "export.json"

// form is what this program writes, and the latest that it reads.
const form = 1

// ErrNone says that a folder is no export.
var ErrNone = errors.New("it is no folder that gvpie export wrote")

// Folder is an export that is read.
type Folder struct {
	Path string
	Manifest
}

// Open reads what is in an export. ErrNone when it is none, or was never finished.
func Open(path string) (*Folder, error) {
	b, err := regularfile.Read(filepath.Join(path, ManifestName), 16<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w, or one that was not finished: %s has no %s", ErrNone, path, ManifestName)
	}
	if err != nil {
		return nil, err
	}
	f := &Folder{Path: path}
	if err := json.Unmarshal(b, &f.Manifest); err != nil || f.Export < 1 {
		return nil, fmt.Errorf("%w: its %s is not one", ErrNone, ManifestName)
	}
	if f.Export > form {
		return nil, fmt.Errorf("%s was written by a newer version of gvpie: use that version", path)
	}
	return f, nil
}

// Pictures is the folder of its pictures.
func (f *Folder) Pictures() string { return filepath.Join(f.Path, "pictures") }

// TablePath is the file of a table in an export's folder.
func TablePath(folder, table string) (string, error) {
	if table == "" || table == "." || table == ".." || strings.ContainsAny(table, "/\\:\x00") {
		return "", fmt.Errorf("a table cannot be a file by the name %q", table)
	}
	return filepath.Join(folder, table+".jsonl"), nil
}

// lineMost is how long a line may be.
const lineMost = 1 << 30

// Read calls yield with each line of a table that has anything in it: its number, its
// columns and values, or what is wrong with it. It ends with the error of yield.
func (f *Folder) Read(table string, yield func(line int64, columns []string, values []any, wrong error) error) error {
	path, err := TablePath(f.Path, table)
	if err != nil {
		return err
	}
	file, err := regularfile.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<16)
	for n := int64(1); ; n++ {
		line, long, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 || long {
			columns, values, wrong := ReadRow(line)
			if long {
				wrong = errors.New("the line is too long")
			}
			if err := yield(n, columns, values, wrong); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads up to the end of a line, which it leaves out.
func readLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > lineMost {
			line, long = nil, true
		} else if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return []byte(strings.TrimRight(string(line), "\r\n")), long, err
		}
	}
}

// WriteManifest finishes an export.
func WriteManifest(folder string, m Manifest) error {
	m.Export = form
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, ManifestName), append(b, '\n'), 0o600)
}
