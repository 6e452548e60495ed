package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/store"
)

// removedFolder is where, in the scripts folder, files of removed scripts go.
const removedFolder = ".removed"

// ErrFileName is wrapped by the error of EditScript for a name that no file can have.
var ErrFileName = errors.New("a script that is a file needs a name that a file can have")

// ErrIncluded is the error of EditScript for code that brings other included files than
// those that lie beside the script's file.
var ErrIncluded = errors.New("the files that this script includes are files of the scripts folder: change them there")

// A ScriptStore is what editing and removing a script asks of the database.
// *store.Store is one.
type ScriptStore interface {
	ScriptByID(ctx context.Context, id int64) (store.Script, error)
	EditScript(ctx context.Context, id int64, e store.ScriptEdit) error
	RemoveScript(ctx context.Context, id int64) error
	ScriptFile(ctx context.Context, name string) (store.TakenIn, error)
	SetScriptFile(ctx context.Context, name string, t store.TakenIn) error
}

// EditScript changes a script, and its file where it is one of the scripts folder
// of data. Its errors are store.ErrNotFound, store.ErrTaken, ErrFileName, ErrIncluded, those of
// the database, and those of files.
func EditScript(ctx context.Context, db ScriptStore, data string, id int64, e store.ScriptEdit) error {
	old, file, err := scriptFileOf(ctx, db, data, id)
	if err != nil {
		return err
	}
	name := old.Name
	if e.Name != nil {
		name = *e.Name
	}
	to := filepath.Join(ScriptFolder(data), name+scriptExt)
	if file != "" && to != file {
		if !fileName(name) {
			return fmt.Errorf("%q: %w", name, ErrFileName)
		}
		if _, err := os.Lstat(to); err == nil {
			return fmt.Errorf("%q: %w", name, store.ErrTaken)
		}
	}
	if file != "" && e.Code != nil && otherFiles(old.Name, file, *e.Code) {
		return ErrIncluded
	}
	// The row first: it refuses a name that is taken.
	if err := db.EditScript(ctx, id, e); err != nil || file == "" {
		return err
	}
	if to != file {
		taken, err := db.ScriptFile(ctx, old.Name)
		if err != nil {
			return err
		}
		// Known under its new name before it has it: else the loop would take it in.
		if err := db.SetScriptFile(ctx, name, taken); err != nil {
			return err
		}
		if err := os.Rename(file, to); err != nil {
			return err
		}
		if err := db.SetScriptFile(ctx, old.Name, store.TakenIn{}); err != nil {
			return err
		}
	}
	if e.Code == nil {
		return nil
	}
	return writeScriptFile(ctx, db, name, to, *e.Code)
}

// otherFiles says whether code comes with other included files than those that lie beside
// the script's file.
func otherFiles(name, file, code string) bool {
	program, with := include.Unbundle(code)
	return pxl.Bundle(pxl.AssembleIn(name+scriptExt, program, include.Of(file))) != code && len(with.Texts) > 0
}

// writeScriptFile writes the code of a script to its file, as known already.
func writeScriptFile(ctx context.Context, db ScriptStore, name, file, code string) error {
	err := atomicfile.Write(file, 0o644, func(w io.Writer) error {
		program, _ := include.Unbundle(code)
		_, err := io.WriteString(w, program)
		return err
	})
	if err != nil {
		return err
	}
	return db.SetScriptFile(ctx, name, store.TakenIn{Sum: hash(code)})
}

// RemoveScript removes a script and keeps its runs. Where it is a file of the
// scripts folder of data, that is moved to the folder .removed there.
func RemoveScript(ctx context.Context, db ScriptStore, data string, id int64) error {
	old, file, err := scriptFileOf(ctx, db, data, id)
	if err != nil {
		return err
	}
	if file != "" { // the file first: while it lies there the loop would take it in again
		to, err := freeName(filepath.Join(ScriptFolder(data), removedFolder), old.Name)
		if err == nil {
			err = os.Rename(file, to)
		}
		if err != nil {
			return err
		}
		if err := db.SetScriptFile(ctx, old.Name, store.TakenIn{}); err != nil {
			return err
		}
	}
	return db.RemoveScript(ctx, id)
}

// scriptFileOf gives a script and the file in the scripts folder that it is; "" for one
// that lives in the database alone.
func scriptFileOf(ctx context.Context, db ScriptStore, data string, id int64) (s store.Script, file string, err error) {
	if s, err = db.ScriptByID(ctx, id); err != nil || s.Lang != "pixel" || !fileName(s.Name) {
		return s, "", err
	}
	file = filepath.Join(ScriptFolder(data), s.Name+scriptExt)
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, "", nil
	case err != nil:
		return s, "", err
	case !info.Mode().IsRegular():
		return s, "", nil
	}
	return s, file, nil
}

// fileName says whether a script's name can be that of a file in the scripts folder.
func fileName(name string) bool {
	return name != "" && !strings.HasPrefix(name, ".") && len(name)+len(scriptExt) <= 255 && filepath.Base(name) == name && filepath.IsLocal(name) && !strings.Contains(name, "\x00")
}

// freeName makes the folder and gives a path in it for a script of that name, which
// no file has yet.
func freeName(folder, name string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, name+scriptExt)
	for n := 2; ; n++ {
		_, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, fmt.Sprintf("%s.%d%s", name, n, scriptExt))
	}
}
