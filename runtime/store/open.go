package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options are what a store needs of its surroundings. The zero value is good.
type Options struct {
	Now      func() time.Time // the clock for what is written; time.Now when nil
	Logger   *slog.Logger     // gets Opened's messages; nil for none
	Patience time.Duration    // how long a lock held by another program is waited for; 60 s when 0

	driver   string   // of database/sql, which tests replace by one that counts
	Progress Progress // is told how far a migration or an import is; nil for nobody

	empty bool // a database that is made has no rows yet
}

// Opened says what Open or Reopen found and did.
type Opened struct {
	Created     bool     // there was no database; one was made, with hello_gpu in it
	Migrated    bool     // an older database was brought up to date
	Backup      string   // the copy made before that
	Quarantined string   // a damaged database was put aside here
	Salvaged    string   // what the handle of a deleted database still held was copied here
	Messages    []string // all that in sentences, for people
}

// say adds a sentence.
func (o *Opened) say(format string, args ...any) {
	o.Messages = append(o.Messages, fmt.Sprintf(format, args...))
}

// Store is an open memory, made of its tables. Its methods may be called from any
// goroutine.
type Store struct {
	*core
	scriptTable
	runTable
	mapTable
	goalTable
	metricTable
	cartridgeTable
	settingTable
	pictureFolder
	offerTable
	searchTable
}

func newStore(c *core) *Store {
	return &Store{c, scriptTable{c}, runTable{c}, mapTable{c}, goalTable{c}, metricTable{c}, cartridgeTable{c}, settingTable{c}, pictureFolder{c}, offerTable{c}, searchTable{c}}
}

// Each table has the methods that read and write it; all share one database.
type (
	scriptTable    struct{ *core }
	runTable       struct{ *core }
	mapTable       struct{ *core }
	goalTable      struct{ *core }
	metricTable    struct{ *core }
	cartridgeTable struct{ *core }
	settingTable   struct{ *core }
	pictureFolder  struct{ *core }
	offerTable     struct{ *core }
	searchTable    struct{ *core }
)

// core is the database that the tables are in: its file, its connections, and the
// loop lock.
type core struct {
	dir     string // DATA
	o       Options
	session string // this process's name on the runs it has begun

	damaged   atomic.Bool   // a call met ErrCorrupt
	newestRun atomic.Int64  // the id of the run that this process began last; 0: none
	turn      atomic.Uint32 // of the kinds of scripts that are due
	tally     tally
	patrol    patrol

	snapshots snapshots
	salvaging task
	salvaged  atomic.Bool // nothing is left to be salvaged

	anchoring sync.Mutex
	anchored  time.Time // when the end of the map was last logged

	locking  sync.Mutex
	loopLock *os.File // the lock of the one loop; nil until Interrupted

	mu sync.RWMutex // held for reading by every call, for writing while handles change
	h  *handles     // nil once closed
}

// handles are the connections to one database file.
type handles struct {
	w, r *sql.DB     // one connection that writes; a few that only read
	file fs.FileInfo // the file they are open on
}

// readers is how many connections may read at once.
const readers = 4

// checkedWhole is the size up to which a file is checked whole at Open. A larger one is
// read bit by bit, at each Check; Verify reads all there is.
const checkedWhole = 8 << 20

// Open opens the memory in the data folder dir, making what is missing: folders,
// database, tables, the first script, the settings. A database of an earlier program
// is copied to db/backup-*.db and brought up to date in place. A damaged one is moved
// aside and a fresh one started; nothing is overwritten.
//
// ErrLocked when another program holds the file for longer than Patience, ErrNewer
// when a later version of this one made it, ErrFull when there is no room. In those
// cases the file is as it was.
func Open(ctx context.Context, dir string, o Options) (*Store, Opened, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Patience <= 0 {
		o.Patience = time.Minute
	}
	if o.driver == "" {
		o.driver = "sqlite"
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, Opened{}, err
	}
	s := &core{dir: abs, o: o, session: rand.Text()}
	var done Opened
	s.h, err = s.connect(ctx, &done)
	if err != nil {
		return nil, done, err
	}
	s.log(done)
	return newStore(s), done, nil
}

func (s *core) log(done Opened) {
	for _, m := range done.Messages {
		s.o.Logger.Info(m)
	}
}

// Dir is the data folder, absolute.
func (s *core) Dir() string { return s.dir }

// Path is the database file.
func (s *core) Path() string { return filepath.Join(s.dir, "db", "daemon.db") }

func (s *core) file() databaseFile { return databaseFile(s.Path()) }

// Close ends the connections. The write-ahead log is folded into the database.
// Calls after it answer ErrClosed; a second Close does nothing.
func (s *core) Close() error {
	s.snapshots.task.halt(true)
	s.salvaging.halt(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.h == nil {
		return nil
	}
	h := s.h
	s.h = nil
	return wrap("close the database", s.Path(), errors.Join(h.close(), s.unlockLoop()))
}

// close closes the readers first, so that the writer is the last and checkpoints.
func (h *handles) close() error { return errors.Join(h.r.Close(), h.w.Close()) }

// connect opens the database at the path, putting a damaged one aside first.
func (s *core) connect(ctx context.Context, done *Opened) (*handles, error) {
	const op = "open the database"
	for _, folder := range []string{filepath.Dir(s.Path()), s.pictures()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, wrap(op, folder, err)
		}
	}
	aside, err := s.file().finishMove()
	if err != nil {
		return nil, wrap(op, s.file().moving(), err)
	}
	goesOn := aside != "" && done.Quarantined == ""
	if goesOn {
		done.Quarantined = aside
	}
	h, err := s.tryConnect(ctx, done)
	switch {
	case goesOn && done.Created:
		done.say("The database had been put aside as %s when the program was ended. A fresh one was started, into which the loop brings all rows that can still be read.", aside)
	case goesOn:
		done.Quarantined = "" // another was in its place already
	}
	if kind(err) != ErrCorrupt {
		return h, wrap(op, s.Path(), err)
	}
	if qerr := s.quarantine(err, done); qerr != nil {
		return nil, errors.Join(wrap(op, s.Path(), err), qerr)
	}
	h, err = s.tryConnect(ctx, done)
	return h, wrap(op, s.Path(), err)
}

func (s *core) tryConnect(ctx context.Context, done *Opened) (_ *handles, err error) {
	if info, err := os.Stat(s.Path()); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is no file", ErrCorrupt, s.Path())
	}
	h := &handles{}
	if h.w, err = sql.Open(s.o.driver, s.dsn("rwc", fmt.Sprintf("page_size(%d)", pageSize), "synchronous(FULL)", "journal_size_limit(8388608)")); err != nil {
		return nil, err
	}
	h.w.SetMaxOpenConns(1)
	// A reader's connection may be made late: it must never make a file.
	if h.r, err = sql.Open(s.o.driver, s.dsn("rw", "query_only(1)")); err != nil {
		h.w.Close()
		return nil, err
	}
	h.r.SetMaxOpenConns(readers)
	h.r.SetMaxIdleConns(readers)
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	// With the first of these a new file gets its pages, for which their size must be
	// known; the driver sets a journal before that. The file remembers it.
	var mode string
	if err = h.w.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return nil, err
	}
	if h.file, err = os.Stat(s.Path()); err != nil {
		return nil, err
	}
	if h.file.Size() <= checkedWhole {
		if err = sound(ctx, h.w, "PRAGMA quick_check(1)"); err != nil {
			return nil, err
		}
	}
	if err = s.migrate(ctx, h.w, done); err != nil {
		return nil, err
	}
	s.file().moved()
	if done.Migrated {
		if err = repage(ctx, s, h.w, done); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// pageCache is what a connection keeps of the file, in KiB. SQLite's own 2 MB
// fill up over the first thousands of runs, which a process that is to stay the
// same size for weeks can do without: its queries touch a few pages each.
const pageCache = 256

// dsn is the address of the database for the driver, with pragmas for each connection.
func (s *core) dsn(mode string, pragmas ...string) string {
	return dsn(s.Path(), mode, s.o.Patience, pragmas...)
}

func dsn(path, mode string, patience time.Duration, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		path = "/" + path
	}
	q := url.Values{"mode": {mode}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "foreign_keys(1)",
		fmt.Sprintf("cache_size(-%d)", pageCache)}}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// sound runs one of SQLite's checks; ErrCorrupt with what it found.
func sound(ctx context.Context, db querier, pragma string) error {
	var said string
	if err := db.QueryRowContext(ctx, pragma).Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", ErrCorrupt, strings.ReplaceAll(said, "\n", "; "))
	}
	return nil
}
