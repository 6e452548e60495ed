package recovery

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/mailbox"
	"gvpie/runtime/atomicfile"
	"gvpie/runtime/filelock"
)

// Text is one unsaved text.
type Text struct {
	Name string    `json:"name"`
	Path string    `json:"path"` // of its file; "" when it has none yet
	Base string    `json:"base"` // what the file held that the text was made from: its SHA-256, "" unknown
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Store keeps the unsaved texts of this process, each in one small file, written
// whole. One goroutine writes. A nil Store keeps nothing.
type Store struct {
	own    string   // the folder of this process
	lock   *os.File // held while this process lives
	claims []*os.File
	left   []Left
	report func(error)

	added mailbox.Latest[struct{}]
	quit  chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	waiting map[string]*Text // by key, to be written; nil: to be removed
}

// delay is how long typing may go on before it is written.
const delay = time.Second

// Open makes this process's folder in dir and claims what others left there. report
// gets the first error of each row of failed writes, and nil when they work again.
func Open(dir string, report func(error)) (*Store, error) {
	s, err := open(dir, report)
	if err != nil {
		return nil, err
	}
	go s.loop()
	return s, nil
}

// open is Open without the goroutine that writes.
func open(dir string, report func(error)) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, files.Error("make", dir, err)
	}
	s := &Store{
		report: report, waiting: map[string]*Text{},
		added: mailbox.New[struct{}](), quit: make(chan struct{}), done: make(chan struct{}),
	}
	if err := s.makeOwn(dir); err != nil {
		return nil, files.Error("make a folder in", dir, err)
	}
	s.claim(dir)
	return s, nil
}

// makeOwn makes the folder of this process. Its lock is held before there is a folder
// that another process could take for one that was left behind.
func (s *Store) makeOwn(dir string) error {
	f, err := os.CreateTemp(dir, "window-*"+lockEnding)
	if err != nil {
		return err
	}
	err = filelock.Try(f)
	own := f.Name()[:len(f.Name())-len(lockEnding)]
	if err == nil {
		err = os.Mkdir(own, 0o700)
	}
	if err != nil {
		f.Close()
		return errors.Join(err, os.Remove(f.Name()))
	}
	s.own, s.lock = own, f
	return nil
}

// Close writes what is left to write and lets go. Texts that were not forgotten stay,
// for the next process to find.
func (s *Store) Close() {
	if s == nil {
		return
	}
	close(s.quit)
	<-s.done
	s.release()
}

func (s *Store) release() {
	retire(s.own, s.lock)
	for _, f := range s.claims {
		retire(f.Name()[:len(f.Name())-len(lockEnding)], f)
	}
}

// retire removes a folder and its lock, which is held, when no text lies in it, and
// lets go of the lock.
func retire(folder string, lock *os.File) {
	if err := os.Remove(folder); err == nil || errors.Is(err, fs.ErrNotExist) {
		os.Remove(lock.Name())
	}
	lock.Close()
}

// loop writes a second after something was put, so that what is typed until then is
// written once.
func (s *Store) loop() {
	defer close(s.done)
	for failing, stopped := false, false; !stopped; {
		select {
		case <-s.added.C:
			select {
			case <-time.After(delay):
			case <-s.quit:
				stopped = true
			}
		case <-s.quit:
			stopped = true
		}
		if err := s.flush(); (err != nil) != failing {
			failing = err != nil
			s.report(err)
		}
	}
}

// flush writes what waits. What could not be written waits on, unless there is a newer
// text by then.
func (s *Store) flush() error {
	s.mu.Lock()
	waiting := s.waiting
	s.waiting = map[string]*Text{}
	s.mu.Unlock()
	var errs []error
	for key, text := range waiting {
		err := s.write(key, text)
		if err == nil {
			continue
		}
		errs = append(errs, err)
		s.mu.Lock()
		if _, newer := s.waiting[key]; !newer {
			s.waiting[key] = text
		}
		s.mu.Unlock()
	}
	return errors.Join(errs...)
}

func (s *Store) write(key string, text *Text) error {
	path := s.file(key)
	if text == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return files.Error("remove", path, err)
		}
		return nil
	}
	b, err := json.Marshal(text)
	if err != nil {
		return err
	}
	return writeFile(path, b)
}

func (s *Store) file(key string) string { return filepath.Join(s.own, key+textEnding) }

// Put has a text written under a key, in the place of what was there before.
func (s *Store) Put(key string, t Text) { s.put(key, &t) }

// Forget has the text of a key removed, which is not unsaved any more.
func (s *Store) Forget(key string) { s.put(key, nil) }

// put hands a text over, in the place of any that waits; it never waits for the disk.
func (s *Store) put(key string, t *Text) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.waiting[key] = t
	s.mu.Unlock()
	s.added.Offer(struct{}{})
}

// writeFile writes a file whole or not at all, for this user alone.
func writeFile(path string, content []byte) error {
	err := atomicfile.Write(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err != nil {
		return files.Error("write", path, err)
	}
	return nil
}
