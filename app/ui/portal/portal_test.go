package portal

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/godbus/dbus/v5"

	"gvpie/app/ui/portal/portaltest"
)

// watch watches the scheme until the test ends.
func watch(t *testing.T) (told chan Scheme, ended chan error) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	told, ended = make(chan Scheme), make(chan error, 1)
	go func() {
		ended <- WatchScheme(ctx, func(s Scheme) {
			select {
			case told <- s:
			case <-ctx.Done():
			}
		})
	}()
	return told, ended
}

func light() (uint32, bool) { return 2, true }

func TestTheDesktopsSchemeIsTold(t *testing.T) {
	bus := portaltest.Bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	p := portaltest.New(t, bus, light)
	told, _ := watch(t)
	if s := <-told; s != Light {
		t.Errorf("the scheme is %v, not light", s)
	}
	for _, tt := range []struct {
		value uint32
		want  Scheme
	}{{1, Dark}, {2, Light}, {0, NoPreference}, {1, Dark}, {7, NoPreference}} {
		p.Change(tt.value)
		if s := <-told; s != tt.want {
			t.Errorf("after a change to %d the scheme is %v, not %v", tt.value, s, tt.want)
		}
	}
}

func TestASchemeThatNobodyKnowsIsAnError(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if HasBus() {
		t.Error("there is a bus where there is none")
	}
	_, ended := watch(t)
	if err := <-ended; !errors.Is(err, errNoBus) {
		t.Errorf("without a bus: %v", err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	if _, ended = watch(t); <-ended == nil {
		t.Error("a bus that does not answer is no error")
	}
	bus := portaltest.Bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	if _, ended = watch(t); <-ended == nil {
		t.Error("a bus without a portal is no error")
	}
	portaltest.New(t, bus, func() (uint32, bool) { return 0, false })
	if _, ended = watch(t); <-ended == nil {
		t.Error("a portal without the setting is no error")
	}
}

func TestADialogBeginsWhereItShould(t *testing.T) {
	bus := portaltest.Bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	p := portaltest.New(t, bus, light)
	type answer struct {
		path string
		err  error
	}
	ask := func(show func(context.Context, Dialog) (string, error), d Dialog) chan answer {
		a := make(chan answer, 1)
		go func() {
			path, err := show(t.Context(), d)
			a <- answer{path, err}
		}()
		return a
	}
	programs := []Filter{{"PXL-ε programs (*.pxl)", []string{"*.pxl"}}, {"All files", []string{"*"}}}
	a := ask(SaveFile, Dialog{Parent: "x11:2a", Title: "Save", Folder: "/tmp/my programs", Name: "night.pxl", Filters: programs})
	d := <-p.Asked
	if d.Method != "SaveFile" || d.Parent != "x11:2a" || d.Title != "Save" {
		t.Errorf("the dialog is %+v", d)
	}
	for name, want := range map[string]any{
		"current_folder": []byte("/tmp/my programs\x00"),
		"current_name":   "night.pxl",
		"filters":        [][]any{{"PXL-ε programs (*.pxl)", [][]any{{uint32(0), "*.pxl"}}}, {"All files", [][]any{{uint32(0), "*"}}}},
		"current_filter": []any{"PXL-ε programs (*.pxl)", [][]any{{uint32(0), "*.pxl"}}},
	} {
		if got := d.Options[name].Value(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", name, got, want)
		}
	}
	if got := (Dialog{Filters: programs}).options("")["filters"].Signature(); got != dbus.ParseSignatureMust("a(sa(us))") {
		t.Errorf("the filters are of type %v", got)
	}
	d.Choose("file:///tmp/my%20programs/n%C3%A4chte.pxl")
	if got := <-a; got != (answer{path: "/tmp/my programs/nächte.pxl"}) {
		t.Errorf("chosen is %+v", got)
	}

	a = ask(OpenFile, Dialog{})
	d = <-p.Asked
	if _, there := d.Options["current_folder"]; there || d.Method != "OpenFile" {
		t.Errorf("a dialog that may begin anywhere is %+v", d)
	}
	d.Choose("")
	if got := <-a; !errors.Is(got.err, ErrDeclined) {
		t.Errorf("declined: %+v", got)
	}
	a = ask(OpenFile, Dialog{})
	(<-p.Asked).Choose("sftp://elsewhere/a.pxl")
	if got := <-a; got.err == nil || got.path != "" {
		t.Errorf("a file elsewhere: %+v", got)
	}
}
