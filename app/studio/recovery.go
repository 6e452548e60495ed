package studio

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/mailbox"
)

// recovery has unsaved text on disk, so that a crash or a power cut loses at
// most the last second of typing. One goroutine writes; each document has one
// small file, written whole, removed when the document is saved or closed.
//
// The window's goroutine owns it. A nil recovery remembers nothing.
type recovery struct {
	dir   string
	now   func() time.Time
	added mailbox.Latest[struct{}]
	quit  chan struct{}
	done  chan struct{}

	mu      sync.Mutex
	waiting map[string]*Recovered // by key, to be written; nil: to be removed
}

// recoveryDelay is how long typing may go on before it is written.
const recoveryDelay = time.Second

// Recovered is unsaved text that an earlier run of the studio left behind.
type Recovered struct {
	Name string    `json:"name"`
	Path string    `json:"path"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	PID  int       `json:"pid"` // the process that has it open
	file string
}

// startRecovery makes the folder and starts the goroutine that writes; report gets
// the first error of that.
func startRecovery(dir string, now func() time.Time, report func(error)) (*recovery, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, files.Error("make", dir, err)
	}
	r := newRecovery(dir, now)
	go r.loop(report)
	return r, nil
}

func newRecovery(dir string, now func() time.Time) *recovery {
	return &recovery{
		dir: dir, now: now, added: mailbox.New[struct{}](), quit: make(chan struct{}), done: make(chan struct{}),
		waiting: map[string]*Recovered{},
	}
}

// stop writes what is left to write.
func (r *recovery) stop() {
	if r != nil {
		close(r.quit)
		<-r.done
	}
}

// loop writes a second after something was put, so that what is typed until then
// is written once.
func (r *recovery) loop(report func(error)) {
	defer close(r.done)
	for told, stopped := false, false; !stopped; {
		select {
		case <-r.added.C:
			select {
			case <-time.After(recoveryDelay):
			case <-r.quit:
				stopped = true
			}
		case <-r.quit:
			stopped = true
		}
		if err := r.flush(); err != nil && !told {
			told = true
			report(err)
		}
	}
}

// flush writes what waits.
func (r *recovery) flush() error {
	r.mu.Lock()
	waiting := r.waiting
	r.waiting = map[string]*Recovered{}
	r.mu.Unlock()
	var errs []error
	for key, text := range waiting {
		errs = append(errs, r.write(key, text))
	}
	return errors.Join(errs...)
}

func (r *recovery) write(key string, text *Recovered) error {
	path := filepath.Join(r.dir, key+".json")
	if text == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	b, err := json.Marshal(text)
	if err != nil {
		return err
	}
	return files.WriteProgram(path, string(b))
}

// key names a document's file: stable for a path, and apart from those of other
// runs for text that has none.
func (r *recovery) key(d *Document) string {
	name := d.Path
	if name == "" {
		if d.recoveryName == "" {
			d.recoveryName = d.Name + r.now().Format(time.RFC3339Nano)
		}
		name = d.recoveryName
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:8])
}

// update has a document's file written anew, or removed when nothing is unsaved.
func (r *recovery) update(d *Document) {
	switch {
	case r == nil:
	case d.Dirty():
		r.put(r.key(d), &Recovered{Name: d.Name, Path: d.Path, Text: d.text, At: r.now(), PID: os.Getpid()})
	default:
		r.forget(d)
	}
}

// forget has a document's file removed, which is not unsaved any more.
func (r *recovery) forget(d *Document) {
	if r != nil {
		r.put(r.key(d), nil)
	}
}

// put hands a text over, in the place of any that waits; it never waits for the
// disk.
func (r *recovery) put(key string, text *Recovered) {
	r.mu.Lock()
	r.waiting[key] = text
	r.mu.Unlock()
	r.added.Offer(struct{}{})
}

// FindRecovered lists unsaved text that an earlier run left in the folder,
// oldest first. Files that are not such text are passed over, and so is what
// another studio that is running now has open.
func FindRecovered(dir string) []Recovered {
	var out []Recovered
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range names {
		if !strings.HasSuffix(e.Name(), ".json") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		info, err := e.Info()
		if err != nil || info.Size() > 2*files.MaxFile {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		r := Recovered{file: path}
		if json.Unmarshal(b, &r) == nil && r.Text != "" && !alive(r.PID) {
			out = append(out, r)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].At.Before(out[j].At) })
	return out
}

// alive says whether a process of that number, other than this one, is running.
func alive(pid int) bool {
	if pid <= 0 || pid == os.Getpid() {
		return false
	}
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}
