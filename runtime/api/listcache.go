package api

import (
	"os"
	"sync"
	"time"

	"gvpie/runtime/cartridge"
	"gvpie/runtime/store"
)

// cachedMost is how many cartridges are remembered.
const cachedMost = 1000

// A cartridgeCache remembers the cartridges that were listed, as long as their files are as they
// were: a list that is asked for again reads none of them.
type cartridgeCache struct {
	mu    sync.Mutex
	known map[string]cachedFile // by path
}

// cachedFile is what a file held when it had that size and that time.
type cachedFile struct {
	bytes int64
	at    time.Time
	row   *cartridgeRow // nil: it was no cartridge
}

// row is a registered cartridge as a list has it; nil when its file is gone, or is no
// whole cartridge.
func (s *cartridgeCache) row(id string, registered store.Cartridge) *cartridgeRow {
	info, err := os.Stat(registered.Path)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	known, ok := s.known[registered.Path]
	s.mu.Unlock()
	if !ok || known.bytes != info.Size() || !known.at.Equal(info.ModTime()) {
		known = cachedFile{bytes: info.Size(), at: info.ModTime()}
		if c, err := cartridge.Open(registered.Path); err == nil {
			row := rowOf(id, registered, c)
			if row.CodeBytes > listCode {
				row.Code = ""
			}
			known.row = &row
		}
		s.mu.Lock()
		if len(s.known) >= cachedMost || s.known == nil {
			s.known = map[string]cachedFile{}
		}
		s.known[registered.Path] = known
		s.mu.Unlock()
	}
	if known.row == nil {
		return nil
	}
	out := *known.row
	out.ID, out.Checksum, out.Executed = id, registered.Checksum, registered.ExecutedCount
	return &out
}
