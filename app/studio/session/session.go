// Package session has on disk what a window was like: its tabs, its size, how it was
// arranged. Texts are not in it; app/studio/recovery keeps what is unsaved. It knows no
// documents and no toolkit.
//
// One window at a time has the session: the first that finds the lock beside the file
// free. Others learn how the window is arranged, but neither get its tabs nor write
// anything. Start at [Open].
package session

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// State is what a window was like. The zero value of each field is what a window begins
// with that nothing is known of.
type State struct {
	Version int    `json:"version"`
	Tabs    []Tab  `json:"tabs"`
	Front   int    `json:"front"` // index of the tab in front
	Window  Window `json:"window"`
	Theme   string `json:"theme,omitempty"` // "dark" or "light" if a person chose it
	Layout  Layout `json:"layout"`

	Watches []string `json:"watches,omitempty"` // expressions that the debugger shows
}

// Tab is a program that was open: a file, or an example.
type Tab struct {
	Path    string   `json:"path,omitempty"` // absolute
	Example string   `json:"example,omitempty"`
	Preview bool     `json:"preview,omitempty"`
	Anchor  int      `json:"anchor"` // byte offset of the selection's other end
	Caret   int      `json:"caret"`  // byte offset
	Top     int      `json:"top"`    // the first line to be seen, from 1
	Views   [2]Place `json:"views"`  // of the machine's picture, and of the human one
	Breaks  []Break  `json:"breaks,omitempty"`
}

// Break is a breakpoint.
type Break struct {
	Line      int    `json:"line"`                // from 1
	Condition string `json:"condition,omitempty"` // "" always
	Hits      string `json:"hits,omitempty"`      // "" each time
	Log       string `json:"log,omitempty"`       // "" stops
}

// Place is where a picture was put by hand: its zoom, and which texel was in the middle.
// At zoom 0 it was fitted.
type Place struct {
	Zoom float64 `json:"zoom,omitempty"`
	X    float64 `json:"x,omitempty"`
	Y    float64 `json:"y,omitempty"`
}

// Window is the window's size, in device-independent pixels, when it filled neither
// screen nor tile.
type Window struct {
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	Mode   string `json:"mode,omitempty"` // "maximized", "fullscreen", or ""
}

// Layout is how the window's parts were arranged. Lengths are in device-independent
// pixels, shares parts of the whole; 0 is the usual.
type Layout struct {
	NoSidebar    bool       `json:"no_sidebar,omitempty"`
	SidebarWidth float64    `json:"sidebar_width,omitempty"`
	Panel        bool       `json:"panel,omitempty"`
	PanelTab     string     `json:"panel_tab,omitempty"`
	PanelHeights [3]float64 `json:"panel_heights"` // of the problems and the log, of the loop's panels, and of the debugger
	EditorShare  float64    `json:"editor_share,omitempty"`
	HumanShare   float64    `json:"human_share,omitempty"`
	Views        string     `json:"views,omitempty"` // which are shown, and how
	BothViews    string     `json:"both_views,omitempty"`
	NoGrid       bool       `json:"no_grid,omitempty"`
	HumanGrid    bool       `json:"human_grid,omitempty"`
	Lit          bool       `json:"lit,omitempty"`
	NoCaretMark  bool       `json:"no_caret_mark,omitempty"`
	NoCosts      bool       `json:"no_costs,omitempty"`
}

// version is that of the format. What a later one has written is not for this program.
const version = 1

// mostTabs and mostWatches bound what is there again.
const (
	mostTabs    = 100
	mostWatches = 100
)

// parse reads a state. Values that make no sense are taken for unknown.
func parse(b []byte) (State, error) {
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return State{}, err
	}
	if s.Version != version {
		return State{}, &versionError{s.Version}
	}
	s.repair()
	return s, nil
}

func (s *State) repair() {
	var tabs []Tab
	front := 0
	for i, t := range s.Tabs {
		if t.Path == "" && t.Example == "" || len(tabs) == mostTabs {
			continue
		}
		if i == s.Front {
			front = len(tabs)
		}
		t.Breaks = slices.DeleteFunc(t.Breaks, func(b Break) bool { return b.Line < 1 || b.Line > 1<<24 })
		t.Anchor, t.Caret, t.Top = max(t.Anchor, 0), max(t.Caret, 0), min(max(t.Top, 1), 1<<24)
		for j, v := range t.Views {
			if !within(v.Zoom, 1./1024, 1024) || !within(v.X, -1e6, 1e6) || !within(v.Y, -1e6, 1e6) {
				t.Views[j] = Place{}
			}
		}
		tabs = append(tabs, t)
	}
	s.Tabs, s.Front = tabs, front
	s.Watches = slices.DeleteFunc(s.Watches, func(x string) bool { return strings.TrimSpace(x) == "" })
	s.Watches = s.Watches[:min(len(s.Watches), mostWatches)]
	if w := &s.Window; w.Width < 100 || w.Height < 100 || w.Width > 20000 || w.Height > 20000 {
		w.Width, w.Height = 0, 0
	}
	l := &s.Layout
	for _, share := range []*float64{&l.EditorShare, &l.HumanShare} {
		if !within(*share, .01, .99) {
			*share = 0
		}
	}
	for _, length := range []*float64{&l.SidebarWidth, &l.PanelHeights[0], &l.PanelHeights[1], &l.PanelHeights[2]} {
		if !within(*length, 10, 20000) {
			*length = 0
		}
	}
}

func within(v, from, to float64) bool { return !math.IsNaN(v) && v >= from && v <= to }

// render is what is written for a state.
func render(s State) ([]byte, error) {
	s.Version = version
	b, err := json.MarshalIndent(s, "", "\t")
	return append(b, '\n'), err
}
