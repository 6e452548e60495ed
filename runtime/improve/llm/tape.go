package llm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// A Tape keeps what models answered, by what they were asked, as lines of JSON in a file
// that only its owner reads. The zero value keeps it in memory.
type Tape struct {
	mu      sync.Mutex
	path    string
	answers map[string]answer
	day     string // that calls and tokens are of
	calls   int
	tokens  int
}

// An entry is a line of a tape.
type entry struct {
	At    time.Time `json:"at"`
	Asked string    `json:"asked"` // hash of the question
	answer
}

// tapeMost is how much of a tape is read, in bytes: its end.
const tapeMost = 64 << 20

// OpenTape reads a tape, which need not be there yet. Lines that cannot be read are passed over.
func OpenTape(path string, now time.Time) (*Tape, error) {
	t := &Tape{path: path}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tapeMost {
		if _, err := f.Seek(-tapeMost, io.SeekEnd); err != nil {
			return nil, err
		}
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 2*bytesMost)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Asked != "" {
			t.take(e, now)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// take takes in an entry, and counts it if it is of today.
func (t *Tape) take(e entry, now time.Time) {
	if t.answers == nil {
		t.answers = map[string]answer{}
	}
	t.answers[e.Asked] = e.answer
	t.turn(now)
	if dayOf(e.At) == t.day {
		t.calls++
		t.tokens += e.Tokens
	}
}

// turn begins to count anew on another day.
func (t *Tape) turn(now time.Time) {
	if d := dayOf(now); d != t.day {
		t.day, t.calls, t.tokens = d, 0, 0
	}
}

func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// find is what was answered to a question.
func (t *Tape) find(asked string) (answer, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, ok := t.answers[asked]
	return a, ok
}

// used is how many calls were made and tokens used today.
func (t *Tape) used(now time.Time) (calls, tokens int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(now)
	return t.calls, t.tokens
}

// count counts a call that brought no answer.
func (t *Tape) count(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(now)
	t.calls++
}

// keep keeps an answer.
func (t *Tape) keep(asked string, a answer, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := entry{now.UTC(), asked, a}
	t.take(e, now)
	if t.path == "" {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(t.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			b.WriteByte('\n') // the last line was cut short
		}
	}
	b.Write(line)
	b.WriteByte('\n')
	_, err = f.Write(b.Bytes())
	return errors.Join(err, f.Close())
}
