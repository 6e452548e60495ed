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
	"syscall"
	"time"

	"gvpie/app/studio/files"
)

// recovery keeps unsaved text on disk, so that a crash or a power cut loses at
// most the last second of typing. One goroutine writes; each document has one
// small file, written whole, removed when the document is saved or closed.
//
// The window's goroutine owns it. A nil recovery remembers nothing.
type recovery struct {
	dir  string
	now  func() time.Time
	jobs chan recoveryJob
	done chan struct{}
}

// recoveryDelay is how long typing may go on before it is written.
const recoveryDelay = time.Second

type recoveryJob struct {
	key  string
	keep *Recovered // nil: remove
}

// Recovered is unsaved text that an earlier run of the studio left behind.
type Recovered struct {
	Name string    `json:"name"`
	Path string    `json:"path"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	PID  int       `json:"pid"` // the process that keeps it
	file string
}

// startRecovery makes the folder and starts the goroutine that writes; report gets
// the first error of that.
func startRecovery(dir string, now func() time.Time, report func(error)) (*recovery, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, files.Error("make", dir, err)
	}
	r := &recovery{dir: dir, now: now, jobs: make(chan recoveryJob, 64), done: make(chan struct{})}
	go r.loop(report)
	return r, nil
}

// stop writes what is left to write.
func (r *recovery) stop() {
	if r != nil {
		close(r.jobs)
		<-r.done
	}
}

func (r *recovery) loop(report func(error)) {
	defer close(r.done)
	waiting := map[string]recoveryJob{}
	var flush <-chan time.Time
	told := false
	write := func() {
		for key, j := range waiting {
			if err := r.write(key, j.keep); err != nil && !told {
				told = true
				report(err)
			}
		}
		clear(waiting)
		flush = nil
	}
	for {
		select {
		case j, ok := <-r.jobs:
			if !ok {
				write()
				return
			}
			waiting[j.key] = j
			if flush == nil {
				flush = time.After(recoveryDelay)
			}
		case <-flush:
			write()
		}
	}
}

func (r *recovery) write(key string, keep *Recovered) error {
	path := filepath.Join(r.dir, key+".json")
	if keep == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	b, err := json.Marshal(keep)
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

// keep has a document's unsaved text written.
func (r *recovery) keep(d *Document) {
	switch {
	case r == nil:
	case d.Dirty():
		r.put(recoveryJob{r.key(d), &Recovered{Name: d.Name, Path: d.Path, Text: d.text, At: r.now(), PID: os.Getpid()}})
	default:
		r.forget(d)
	}
}

// forget has a document's file removed, which is not unsaved any more.
func (r *recovery) forget(d *Document) {
	if r != nil {
		r.put(recoveryJob{r.key(d), nil})
	}
}

// put hands a job over; a disk so slow that the queue is full loses the job, not
// the window's next frame.
func (r *recovery) put(j recoveryJob) {
	select {
	case r.jobs <- j:
	default:
	}
}

// FindRecovered lists unsaved text that an earlier run left in the folder,
// oldest first. Files that are not such text are passed over, and so is what
// another studio that is running now still keeps.
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
