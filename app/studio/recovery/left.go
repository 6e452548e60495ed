package recovery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/studio/files"
	"gvpie/runtime/filelock"
)

const (
	lockEnding = ".lock"
	textEnding = ".json"
)

// mostBytes is the most that a text takes here: six bytes a letter that JSON escapes.
const mostBytes = 6*files.MaxFile + 1<<16

// Left is unsaved text that an earlier process left behind.
type Left struct {
	Text
	file string
}

// Left lists what earlier processes left behind, oldest first.
func (s *Store) Left() []Left {
	if s == nil {
		return nil
	}
	return slices.Clone(s.left)
}

// Take makes a text that was left behind this process's own, under a key, in one step:
// at no moment is it nowhere.
func (s *Store) Take(l Left, key string) error {
	s.forgetLeft(l)
	if err := os.Rename(l.file, s.file(key)); err != nil {
		return files.Error("move", l.file, err)
	}
	return nil
}

// Drop throws a text away that was left behind.
func (s *Store) Drop(l Left) error {
	s.forgetLeft(l)
	if err := os.Remove(l.file); err != nil {
		return files.Error("remove", l.file, err)
	}
	return nil
}

func (s *Store) forgetLeft(l Left) {
	s.left = slices.DeleteFunc(s.left, func(o Left) bool { return o.file == l.file })
}

// claim takes over the folders of processes that are no more. Texts that lie in dir
// itself are from versions that had one folder for all.
func (s *Store) claim(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	s.left = textsIn(dir)
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		if !e.IsDir() || folder == s.own {
			continue
		}
		lock, err := filelock.Open(folder+lockEnding, 0o600)
		if err != nil {
			continue // its process lives
		}
		texts := textsIn(folder)
		if len(texts) == 0 {
			retire(folder, lock)
			continue
		}
		s.claims = append(s.claims, lock)
		s.left = append(s.left, texts...)
	}
	slices.SortStableFunc(s.left, func(a, b Left) int { return a.At.Compare(b.At) })
}

// textsIn reads the texts of a folder. Files that are not such text are passed over.
func textsIn(folder string) (texts []Left) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), textEnding) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := e.Info()
		if err != nil || info.Size() > mostBytes {
			continue
		}
		l := Left{file: filepath.Join(folder, e.Name())}
		if b, err := os.ReadFile(l.file); err == nil && json.Unmarshal(b, &l.Text) == nil && l.Text.Text != "" {
			texts = append(texts, l)
		}
	}
	return texts
}
