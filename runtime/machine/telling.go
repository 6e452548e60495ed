package machine

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	"gvpie/runtime/isa"
)

// telling is what the blocks of a frame log: row by row of block after block,
// whoever runs them. It keeps the first lines, as long as there are fewer than
// isa.MaxEachLines with fewer than isa.MaxEachLog characters before, and counts
// the others.
type telling struct {
	mu    sync.Mutex
	rows  []toldRow // that have lines, in order
	total int64     // lines, those that are not kept too
}

// toldRow is what the texels of a row of a block log.
type toldRow struct {
	at    uint64 // the block's place among the frame's commands, then the row
	lines []LogLine
}

func rowAt(command, y int) uint64 { return uint64(command)*isa.MaxCanvas + uint64(y) }

// measure counts lines that are kept.
type measure struct{ lines, chars int }

func (m *measure) full() bool { return m.lines >= isa.MaxEachLines || m.chars >= isa.MaxEachLog }

// keep gives how many of lines are kept behind those counted, and counts them.
func (m *measure) keep(lines []LogLine) int {
	for i := range lines {
		if m.full() {
			return i
		}
		m.lines++
		m.chars += len(lines[i].Text)
	}
	return len(lines)
}

// add takes in what a row logs: lines, of total.
func (t *telling) add(at uint64, lines []LogLine, total int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total += total
	if len(lines) == 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(t.rows, at, func(r toldRow, at uint64) int { return cmp.Compare(r.at, at) })
	t.rows = slices.Insert(t.rows, i, toldRow{at, lines})
	var m measure
	for i := range t.rows {
		n := m.keep(t.rows[i].lines)
		t.rows[i].lines = t.rows[i].lines[:n]
		if n == 0 {
			clear(t.rows[i:])
			t.rows = t.rows[:i]
			break
		}
	}
}

// full says that nothing that a row logs can be kept any more.
func (t *telling) full(at uint64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	var m measure
	for i := range t.rows {
		if t.rows[i].at >= at || m.full() {
			break
		}
		m.keep(t.rows[i].lines)
	}
	return m.full()
}

// clear forgets everything.
func (t *telling) clear() {
	clear(t.rows)
	t.rows, t.total = t.rows[:0], 0
}

// told is a copy to come back to.
type told struct {
	rows  []toldRow
	total int64
}

func (t *telling) save() told { return told{slices.Clone(t.rows), t.total} }

func (t *telling) restore(was told) { t.rows, t.total = append(t.rows[:0], was.rows...), was.total }

// merge puts what blocks log among the lines of the core, at the blocks' places,
// and says how many lines are left out.
func (t *telling) merge(log []LogLine, cycles uint32) []LogLine {
	if t.total == 0 {
		return log
	}
	var out []LogLine
	kept := 0
	for i := range t.rows {
		lines := t.rows[i].lines
		kept += len(lines)
		n := 0
		for n < len(log) && log[n].Cycle < lines[0].Cycle {
			n++
		}
		out = append(append(out, log[:n]...), lines...)
		log = log[n:]
	}
	out = append(out, log...)
	if more := t.total - int64(kept); more > 0 {
		last := t.rows[len(t.rows)-1].lines
		text := "… and " + strconv.FormatInt(more, 10) + " more lines from EACH"
		out = append(out, LogLine{PC: last[len(last)-1].PC, Cycle: cycles, Text: text})
	}
	return out
}

// rowTelling is what the row that a wave runs logs.
type rowTelling struct {
	quiet bool      // none of it can be kept
	total int64     // lines
	row   []LogLine // of the waves that have ended, by texel
	wave  []texelLine
	kept  measure // of row
	chars int     // of wave
}

// texelLine is a line of a texel, by its place in the wave.
type texelLine struct {
	texel uint8
	LogLine
}

func (t *rowTelling) begin(quiet bool) {
	if t.total == 0 { // as after a row that logs nothing
		t.quiet = quiet
		return
	}
	clear(t.row)
	clear(t.wave)
	*t = rowTelling{quiet: quiet, row: t.row[:0], wave: t.wave[:0]}
}

// add logs a line of a texel.
func (t *rowTelling) add(texel uint8, line LogLine) {
	t.total++
	if t.quiet || t.kept.full() {
		return
	}
	t.wave = append(t.wave, texelLine{texel, line})
	if t.chars += len(line.Text); len(t.wave) > 2*isa.MaxEachLines || t.chars > 4*isa.MaxEachLog {
		t.order()
	}
}

// order sorts the lines of the wave by texel, and drops those that cannot be kept.
func (t *rowTelling) order() {
	slices.SortStableFunc(t.wave, func(a, b texelLine) int { return cmp.Compare(a.texel, b.texel) })
	var m measure
	n := 0
	for ; n < len(t.wave) && !m.full(); n++ {
		m.lines++
		m.chars += len(t.wave[n].Text)
	}
	clear(t.wave[n:])
	t.wave, t.chars = t.wave[:n], m.chars
}

// endWave takes the wave's lines into the row's.
func (t *rowTelling) endWave() {
	if len(t.wave) == 0 {
		return
	}
	t.order()
	for i := range t.wave {
		if t.kept.full() {
			break
		}
		t.row = append(t.row, t.wave[i].LogLine)
		t.kept.lines++
		t.kept.chars += len(t.wave[i].Text)
	}
	clear(t.wave)
	t.wave, t.chars = t.wave[:0], 0
}
