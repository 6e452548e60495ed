package store

import (
	"os"
	"path/filepath"

	"gvpie/runtime/filelock"
)

// lockLoop makes this process the one whose loop runs on the data folder, until Close or
// its end, however that comes: the system gives the lock back with the process.
// ErrLoopLocked when another one is.
func (s *core) lockLoop() error {
	s.locking.Lock()
	defer s.locking.Unlock()
	if s.loopLock != nil {
		return nil
	}
	path := filepath.Join(s.dir, "loop.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return wrap("lock the loop", path, err)
	}
	if err := filelock.Try(f); err != nil {
		f.Close()
		return &Error{"lock the loop", path, ErrLoopLocked, err}
	}
	s.loopLock = f
	return nil
}

// unlockLoop gives the lock back.
func (s *core) unlockLoop() error {
	s.locking.Lock()
	defer s.locking.Unlock()
	if s.loopLock == nil {
		return nil
	}
	f := s.loopLock
	s.loopLock = nil
	return f.Close()
}
