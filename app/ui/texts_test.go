package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/app/studio"
	"gvpie/app/studio/recovery"
	"gvpie/assets"
)

// leave has a window end with these texts unsaved, and gives the folder they are in.
func leave(t *testing.T, texts ...recovery.Text) string {
	t.Helper()
	dir := t.TempDir()
	r, err := recovery.Open(dir, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		r.Put(text.Name, text)
	}
	r.Close()
	return dir
}

func TestTextLeftByAnEarlierWindowIsOffered(t *testing.T) {
	d := newDeskOf(t, 1440, 900, 1, studio.Config{Recovery: leave(t, recovery.Text{Name: "night.pxl", Text: "TXT 1 1 night\n"})})
	d.bench.OpenAll(nil)
	d.Frame()
	d.Click("Open it")
	d.Until("it is open", func() bool { a := d.model.Active(); return a != nil && a.Text() == "TXT 1 1 night\n" })
	if !d.model.Active().Dirty() {
		t.Error("recovered text does not count as unsaved")
	}
}

func TestTextsLeftByEarlierWindowsAreChosenOneByOne(t *testing.T) {
	at := time.Date(2026, 11, 20, 21, 30, 0, 0, time.Local)
	d := newDeskOf(t, 1000, 640, 1, studio.Config{Recovery: leave(t,
		recovery.Text{Name: "night.pxl", Path: filepath.Join(t.TempDir(), "night.pxl"), Text: "TXT 1 1 night\nHALT\n", At: at},
		recovery.Text{Name: "untitled 1", Text: "CLS\n", At: at.Add(time.Hour)},
		recovery.Text{Name: "day.pxl", Text: "TXT 1 1 day\n", At: at.Add(2 * time.Hour)})})
	d.openExample("hello")
	d.Frame()
	d.Click("Choose…")
	d.awaitPictures()
	d.Shoot("recovered")
	d.CheckLayout()
	d.Click("drop untitled 1")
	d.Click("open day.pxl")
	if a := d.model.Active(); a == nil || a.Text() != "TXT 1 1 day\n" {
		t.Errorf("in front is %+v", a)
	}
	if left := d.model.Recovered(); len(left) != 1 || left[0].Name != "night.pxl" {
		t.Errorf("left are %+v", left)
	}
	d.Click("Later")
	if _, ok := d.Find("Open it"); !ok || d.bench.dialogs.front != nil {
		t.Error("the one that was not decided on is not offered any more")
	}
}

// Windows that were killed together each had an "untitled 1".
func TestTextsOfOneNameAreToldApart(t *testing.T) {
	begin := assets.Template()
	for text, want := range map[string]string{
		"; of one window\n" + begin: "; of one window", begin + "\n  ; of another\n": "; of another", "CLS\n": "CLS", "": "",
	} {
		if got := telling(text); got != want {
			t.Errorf("%q is known by %q, want %q", text, got, want)
		}
	}
	if got := telling(begin); !strings.HasPrefix(begin, got+"\n") {
		t.Errorf("the template is known by %q", got)
	}
}

func TestASaveOverAnotherProgramsWorkAsks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	holds := func() string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const theirs = ".canvas 64 32\nCLS black\nTXT 1 1 theirs\nRECT 1 1 9 9 red\nHALT\n"
	write(".canvas 64 32\nCLS black\nTXT 1 1 one\nHALT\n")
	d := newDesk(t, 1000, 640, 1)
	d.bench.OpenAll([]string{path})
	d.Until("it is open", func() bool { return d.model.Active() != nil })
	d.awaitPictures()
	for _, choice := range []string{"Cancel", "Save mine", "Take the file"} {
		d.Write("; mine\n")
		mine := d.model.Active().Text()
		write(theirs)
		d.Press("Ctrl-S")
		d.Until("it asks, round "+choice, func() bool { _, ok := d.bench.dialogs.front.(*conflict); return ok })
		if holds() != theirs {
			t.Fatalf("it asks when it has written %q", holds())
		}
		if choice == "Cancel" {
			d.awaitPictures()
			d.Shoot("conflict")
			d.CheckLayout()
		}
		d.Click(choice)
		a := d.model.Active()
		switch choice {
		case "Cancel":
			if d.bench.dialogs.front != nil || a.Text() != mine || holds() != theirs || !a.Conflict {
				t.Errorf("cancelled: %q, on disk %q", a.Text(), holds())
			}
			d.Click("Compare…")
			d.Click("Save mine")
			d.Until("mine is on disk", func() bool { return holds() == mine && !a.Dirty() })
		case "Save mine":
			d.Until("mine is on disk", func() bool { return holds() == mine && !a.Dirty() })
		case "Take the file":
			d.Until("theirs is here", func() bool { return a.Text() == theirs && !a.Dirty() && holds() == theirs })
		}
	}
}
