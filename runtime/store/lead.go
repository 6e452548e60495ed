package store

import (
	"os"
	"path/filepath"
)

// lead makes this process the one whose loop runs on the data folder, until Close or
// its end, however that comes: the system gives the lock back with the process.
// ErrLed when another one is.
func (s *Store) lead() error {
	s.leading.Lock()
	defer s.leading.Unlock()
	if s.leader != nil {
		return nil
	}
	path := filepath.Join(s.dir, "loop.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return wrap("lock the loop", path, err)
	}
	if err := lock(f); err != nil {
		f.Close()
		return &Error{"lock the loop", path, ErrLed, err}
	}
	s.leader = f
	return nil
}

// follow gives the lock back.
func (s *Store) follow() error {
	s.leading.Lock()
	defer s.leading.Unlock()
	if s.leader == nil {
		return nil
	}
	f := s.leader
	s.leader = nil
	return f.Close()
}
