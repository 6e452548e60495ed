package loop

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// taken is what waits in a mailbox; ok is false when nothing does.
func taken[T any](l mailbox.Latest[T]) (v T, ok bool) {
	select {
	case v = <-l.C:
		return v, true
	default:
		return v, false
	}
}

func TestALateDetailIsNotShown(t *testing.T) {
	d := newDetails()
	d.ShowRun(1)
	d.ShowScript(2)
	if of, _ := taken(d.asks); of != (subject{script: 2}) {
		t.Errorf("%+v is read", of)
	}
	d.detail = &Detail{of: subject{run: 1}}
	if d.Detail() != nil {
		t.Error("the detail of the run is shown for that of the script")
	}
	d.detail = &Detail{of: subject{script: 2}}
	if d.Detail() == nil || !d.Detail().ByScript() {
		t.Error("the detail that was asked for is not shown")
	}
	d.ShowScript(2)
	if _, ok := taken(d.asks); ok {
		t.Error("what is shown is read again")
	}
}

func TestADetailIsReadAgainWhileItMayChange(t *testing.T) {
	finished := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		shown subject
		run   store.Run
		again bool
	}{
		"nothing":           {subject{}, store.Run{}, false},
		"a script":          {subject{script: 1}, store.Run{ID: 1, FinishedAt: finished}, true},
		"a finished run":    {subject{run: 1}, store.Run{ID: 1, FinishedAt: finished}, false},
		"a run that runs":   {subject{run: 1}, store.Run{ID: 1}, true},
		"not yet read once": {subject{run: 2}, store.Run{ID: 1}, false},
	} {
		d := newDetails()
		d.shown = c.shown
		if c.run.ID != 0 {
			d.detail = &Detail{Run: c.run, of: subject{run: c.run.ID}}
			if c.shown.script != 0 {
				d.detail.of = c.shown
			}
		}
		d.again()
		if _, ok := taken(d.asks); ok != c.again {
			t.Errorf("%s: read again: %v", name, ok)
		}
	}
}

func TestALateComparisonIsNotShown(t *testing.T) {
	c := newComparisons()
	c.Compare(1, 2)
	c.Compare(1, 2)
	if of, ok := taken(c.asks); !ok || of != (pair{1, 2}) {
		t.Fatalf("%v is read", of)
	}
	c.Compare(3, 4)
	c.take(pair{1, 2}, &Comparison{of: pair{1, 2}})
	if x, y := c.Compared(); c.Comparison() != nil || x != 3 || y != 4 {
		t.Error("the comparison before is shown")
	}
	c.take(pair{3, 4}, &Comparison{of: pair{3, 4}, Err: "it cannot be read"})
	if c.Comparison() == nil {
		t.Error("the comparison is not shown")
	}
	taken(c.asks)
	c.Compare(3, 4)
	if _, ok := taken(c.asks); ok {
		t.Error("what is shown is read again")
	}
}

func TestPicturesNotLookedAtAreForgotten(t *testing.T) {
	p := newPictures()
	key := func(i int) PictureKey { return PictureKey{Hash: fmt.Sprint(i)} }
	for i := range maxPictures {
		p.Picture(key(i))
		p.queue.pop()
		p.take(key(i), image.NewRGBA(image.Rect(0, 0, 1, 1)), nil)
	}
	p.Picture(key(0))
	p.Picture(key(maxPictures))
	if len(p.cache) != maxPictures {
		t.Fatalf("%d pictures are remembered", len(p.cache))
	}
	if p.cache[key(0)] == nil || p.cache[key(1)] != nil {
		t.Error("not the one was forgotten that was not looked at for longest")
	}
	p.take(key(1), image.NewRGBA(image.Rect(0, 0, 1, 1)), nil)
	if p.cache[key(1)] != nil {
		t.Error("a picture that was forgotten came back")
	}
	if img, err := p.Picture(PictureKey{}); img != nil || err != nil || len(p.cache) != maxPictures {
		t.Error("a run without a picture has one")
	}
	p.take(key(0), nil, errors.New("no such picture"))
	if _, err := p.Picture(key(0)); err == nil {
		t.Error("it does not say why there is no picture")
	}
}

func TestThePictureAskedForLastIsDecodedFirstAndNoneIsLost(t *testing.T) {
	p := newPictures()
	key := func(i int) PictureKey { return PictureKey{Hash: fmt.Sprint(i)} }
	p.Picture(key(0))
	for i := 1; i <= maxPictures+8; i++ {
		p.Picture(key(i))
		p.Picture(key(0)) // it stays on screen
	}
	var order []PictureKey
	for k, ok := p.queue.pop(); ok; k, ok = p.queue.pop() {
		order = append(order, k)
		p.take(k, image.NewRGBA(image.Rect(0, 0, 1, 1)), nil)
	}
	if len(order) > maxPictures {
		t.Errorf("%d pictures wait to be decoded", len(order))
	}
	img, _ := p.Picture(key(0))
	if k, ok := p.queue.pop(); img == nil && (!ok || k != key(0)) {
		t.Error("a picture on screen is never decoded")
	}
	p.Picture(PictureKey{Hash: "a"})
	p.Picture(PictureKey{Hash: "b"})
	if k, _ := p.queue.pop(); k.Hash != "b" {
		t.Errorf("%v is decoded first", k)
	}
}

func TestThumbnailsAreMeans(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 4*ThumbSide, ThumbSide))
	for i := range src.Pix {
		src.Pix[i] = uint8(i / 4 % 2 * 200)
	}
	got := shrink(src, ThumbSide)
	if got.Rect.Dx() != ThumbSide || got.Rect.Dy() != ThumbSide/4 || got.Pix[0] != 100 || got.Pix[len(got.Pix)-1] != 100 {
		t.Errorf("%v of %v, %d", got.Rect, src.Rect, got.Pix[0])
	}
	if tall := shrink(image.NewRGBA(image.Rect(0, 0, 1, 1000)), 10); tall.Rect.Dx() != 1 || tall.Rect.Dy() != 10 {
		t.Errorf("a tall one is %v", tall.Rect)
	}
	if small := image.NewRGBA(image.Rect(0, 0, 3, 3)); shrink(small, 3) != small {
		t.Error("a small one is made anew")
	}
}

func TestPicturesAreBounded(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	if img, err := decodePNG(b.Bytes()); err != nil || img.Rect.Dx() != 3 {
		t.Errorf("%v %v", img, err)
	}
	sized := func(w, h uint32) []byte {
		b := slices.Clone(b.Bytes())
		head := b[12:33] // the first chunk: its name, 13 bytes, and their sum
		binary.BigEndian.PutUint32(head[4:], w)
		binary.BigEndian.PutUint32(head[8:], h)
		binary.BigEndian.PutUint32(head[17:], crc32.ChecksumIEEE(head[:17]))
		return b
	}
	for _, c := range []struct{ w, h uint32 }{{1 << 16, 1 << 16}, {1 << 30, 1}, {1, 1 << 30}, {maxPixels + 1, 1}, {1 << 20, 1 << 20}} {
		if _, err := decodePNG(sized(c.w, c.h)); !errors.Is(err, errTooLarge) {
			t.Errorf("%d by %d: %v", c.w, c.h, err)
		}
	}
	if _, err := decodePNG(sized(3, 5)); err == nil || errors.Is(err, errTooLarge) {
		t.Errorf("a small one that ends early: %v", err)
	}
}

func TestTheLineageIsReadOnceItIsLookedAt(t *testing.T) {
	l := newLineages()
	if l.Lineage(); l.asked {
		t.Fatal("read before the lists are")
	}
	l.grown(7)
	if _, ok := taken(l.traces); ok {
		t.Error("read before anybody looks at it")
	}
	l.Lineage()
	l.Lineage()
	if top, ok := taken(l.traces); !ok || top != 7 {
		t.Errorf("read up to %d, %v", top, ok)
	}
	l.grown(9)
	if top, ok := taken(l.traces); !ok || top != 9 {
		t.Errorf("read up to %d, %v", top, ok)
	}
	empty := newLineages()
	empty.grown(0)
	if !empty.Lineage().Ready {
		t.Error("an empty map is never ready")
	}
}

// opened is the database of a folder.
func opened(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, _, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestALineageThatGrowsIsTheSameAsOneReadWhole(t *testing.T) {
	s := opened(t, history(t, 1300))
	trace := func(tops ...int64) Lineage {
		tr := newTracer(s)
		for _, top := range tops {
			for done := false; !done; {
				var err error
				if done, err = tr.read(context.Background(), top); err != nil {
					t.Fatal(err)
				}
			}
		}
		return tr.lineage
	}
	plain := func(l Lineage) (out []string) {
		code := map[uint64]int{}
		for _, n := range l.Nodes {
			if code[n.Code] == 0 {
				code[n.Code] = len(code) + 1
			}
			n.Code = uint64(code[n.Code])
			out = append(out, fmt.Sprintf("%s %+v", l.Lanes[n.Lane], Node{n.ID, n.Iteration, n.Parent, n.Code, 0, n.Verdict, n.Version}))
		}
		return out
	}
	whole, grown := plain(trace(1300)), plain(trace(700, 760, 761, 761, 1300))
	if len(whole) != 1300 || !slices.Equal(whole, grown) {
		t.Errorf("%d nodes at once, %d bit by bit", len(whole), len(grown))
	}
}

func TestNothingNewIsNoFrame(t *testing.T) {
	dir := history(t, 20)
	s := opened(t, dir)
	l := newLists()
	d := &desk{t: t, calls: make(chan func(), 64), closed: make(chan struct{})}
	b := newBackground(d)
	defer b.close()
	var got []listed
	b.spawn(func() {
		l.serve(b, s, alone, func(now listed, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, now)
		})
	})
	ask := func(asked bool) {
		l.refreshes.C <- asked
		l.refreshes.C <- asked // the first has been answered when the second is taken
	}
	ask(false)
	l.refreshes.C <- true
	for len(got) < 2 {
		(<-d.calls)()
	}
	if got[0].counts.Runs != 20 || got[0].run != 20 || got[0].row != 20 || len(got[0].scripts) != 7 {
		t.Errorf("%+v", got[0].counts)
	}
	got[1].scripts[0].Enabled = !got[1].scripts[0].Enabled // ahead of the database
	l.refreshes.C <- false
	l.refreshes.C <- true
	for len(got) < 3 {
		(<-d.calls)()
	}
	if len(d.calls) != 0 {
		t.Error("nothing has changed, and the window is told so")
	}
	if got[2].scripts[0].Enabled == got[1].scripts[0].Enabled {
		t.Error("the lists that were handed over are those that are remembered")
	}
}

// followed follows events, in a bubble of fake time, until they end.
func followed(t *testing.T, now func(agent.Status) agent.Status, do func(d *desk, events chan<- agent.Event)) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, Config{})
		events, ended := make(chan agent.Event, 8), make(chan struct{})
		go func() {
			defer close(ended)
			follower{d.Monitor, now, func(s agent.Status) { d.status = s }}.follow(events)
		}()
		do(d, events)
		close(events)
		<-ended
	})
}

func TestNewsOfTheLoopIsGathered(t *testing.T) {
	followed(t, nil, func(d *desk, events chan<- agent.Event) {
		for i := range 3 {
			events <- agent.Event{Kind: agent.StatusChanged, Status: agent.Status{Cycle: i + 1}}
		}
		d.until("the newest is told", func() bool { return d.Status().Cycle == 3 })
		if d.posted != 1 || d.queued != 0 {
			t.Errorf("%d frames were asked for", d.posted)
		}
		events <- agent.Event{Kind: agent.RunFinished, Status: agent.Status{Cycle: 4}}
		events <- agent.Event{Kind: agent.StatusChanged, Status: agent.Status{Cycle: 5}}
		d.until("the newest is told", func() bool { return d.Status().Cycle == 5 })
		synctest.Wait()
		if asked, ok := taken(d.writes); !asked || d.posted != 1 || d.queued != 1 {
			t.Errorf("what was written is read: %v; %d frames were asked for, %d waited for one", ok, d.posted, d.queued)
		}
	})
}

func TestALoopThatStandsStillIsSaidToBeUnreadyWithoutAFrameForNothing(t *testing.T) {
	var looks atomic.Int64
	judge := func(last agent.Status) agent.Status {
		if looks.Add(1) > 3 {
			last.Unready = "it does not move"
		}
		return last
	}
	followed(t, judge, func(d *desk, events chan<- agent.Event) {
		events <- agent.Event{Kind: agent.StatusChanged, Status: agent.Status{Cycle: 7, LastError: "a script is odd"}}
		d.until("it is told", func() bool { return d.Unready() != "" })
		if want := "Not ready: it does not move · a script is odd"; d.LastError() != want || d.Status().Cycle != 7 || looks.Load() != 4 || d.posted != 2 {
			t.Errorf("%q in cycle %d after %d looks, %d frames", d.LastError(), d.Status().Cycle, looks.Load(), d.posted)
		}
		time.Sleep(10 * readyEvery)
		synctest.Wait()
		if looks.Load() < 10 || len(d.calls) > 0 {
			t.Errorf("%d looks, %d frames more", looks.Load(), len(d.calls))
		}
		events <- agent.Event{Kind: agent.StatusChanged, Status: agent.Status{Cycle: 8}}
		d.until("it moves again", func() bool { return d.Unready() == "" && d.LastError() == "" })
	})
}

func TestTheLastNewsOfTheLoopIsTold(t *testing.T) {
	for kind, written := range map[agent.EventKind]bool{agent.StatusChanged: false, agent.RunFinished: true, agent.CycleFinished: true} {
		d := newDesk(t, Config{})
		events := make(chan agent.Event, 2)
		events <- agent.Event{Kind: agent.StatusChanged, Status: agent.Status{Cycle: 1}}
		events <- agent.Event{Kind: kind, Status: agent.Status{Cycle: 2}}
		close(events)
		follower{d.Monitor, nil, func(s agent.Status) { d.status = s }}.follow(events)
		(<-d.calls)()
		if asked, _ := taken(d.writes); d.Status().Cycle != 2 || asked != written || (d.queued == 1) != written || d.posted+d.queued != 1 {
			t.Errorf("%v: cycle %d; %d frames were asked for, %d waited for one that brings the lists: %v", kind, d.Status().Cycle, d.posted, d.queued, asked)
		}
	}
}

func TestAScriptIsOpenedWhereItsFileIs(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, Config{})
	d.cfg.Data, d.store = dir, &store.Store{}
	folder := agent.ScriptFolder(dir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "there.pxl"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	script := func(name, lang string) store.Script { return store.Script{Name: name, Lang: lang, Code: "HALT"} }
	for _, r := range []store.Script{script("there", "pixel"), script("new", "pixel"), script("../out", "pixel"), script(".hidden", "pixel"), script("snake", "python")} {
		openScript(d.Monitor, r)
	}
	want := []string{
		"file " + filepath.Join(folder, "there.pxl"),
		"text new.pxl at " + filepath.Join(folder, "new.pxl"),
		"text ../out.pxl at ",
		"text .hidden.pxl at ",
	}
	if !slices.Equal(d.opened, want) || len(d.notices) != 1 || !strings.Contains(d.notices[0], "python") {
		t.Errorf("opened %q, notices %q", d.opened, d.notices)
	}
}

func TestCartridgesAreHeldToTheirChecksum(t *testing.T) {
	dir := history(t, 10)
	d := newDesk(t, Config{Data: dir})
	d.until("the lists are there", func() bool { return d.Listed() && len(d.Cartridges()) == 4 })
	c := d.Cartridges()[0]
	told := func(f func(store.Cartridge)) string {
		t.Helper()
		n := len(d.notices)
		f(c)
		d.until("it is told", func() bool { return len(d.notices) > n })
		return d.notices[n]
	}
	if s := told(d.RunCartridge); !strings.Contains(s, "halted after") {
		t.Error(s)
	}
	if s := told(d.VerifyCartridge); !strings.Contains(s, "is as it was written") {
		t.Error(s)
	}
	d.OpenCartridge(c)
	d.until("it is opened", func() bool { return len(d.opened) == 1 })
	out := filepath.Join(t.TempDir(), "out.png")
	told(func(c store.Cartridge) { d.ExportCartridge(c, out) })
	was, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, was) {
		t.Errorf("the copy differs: %v", err)
	}
	if s := told(func(c store.Cartridge) { d.ExportCartridge(c, filepath.Join(out, "x")) }); !strings.Contains(s, "cannot export to") {
		t.Error(s)
	}
	other := d.Cartridges()[1]
	b, err := os.ReadFile(other.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.Path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, f := range []func(store.Cartridge){d.VerifyCartridge, d.RunCartridge, d.OpenCartridge} {
		if s := told(f); !strings.Contains(s, "checksum") {
			t.Error(s)
		}
	}
	if len(d.opened) != 1 {
		t.Error("a cartridge that is not what was written is opened")
	}
}

func TestOnlyAnOldOrBrokenDatabaseIsNews(t *testing.T) {
	s := opened(t, t.TempDir())
	d := newDesk(t, Config{})
	for _, found := range []store.Opened{
		{Messages: []string{"made"}},
		{Messages: []string{"migrated"}, Migrated: true},
		{Messages: []string{"set aside"}, Quarantined: "x"},
	} {
		d.Monitor.opened(s, found)
	}
	if !slices.Equal(d.notices, []string{"migrated", "set aside"}) || d.State() != ReadOnly {
		t.Errorf("told %q in state %v", d.notices, d.State())
	}
}
