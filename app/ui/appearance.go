package ui

import (
	"context"

	"gvpie/app/studio"
	"gvpie/app/studio/mailbox"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/portal"
	"gvpie/assets/theme"
)

// themeChoice is what a person wants the window to look like.
type themeChoice string

const (
	themeSystem themeChoice = "system" // as the desktop prefers; where it does not say, dark
	themeLight  themeChoice = "light"
	themeDark   themeChoice = "dark"
)

// appearance keeps the window light or dark.
type appearance struct {
	th      *kit.Theme
	chosen  themeChoice
	desktop portal.Scheme                 // what the desktop prefers, as far as is known
	news    mailbox.Latest[portal.Scheme] // from it
}

func newAppearance(th *kit.Theme) *appearance {
	return &appearance{th: th, chosen: themeSystem, news: mailbox.New[portal.Scheme]()}
}

// follow has the window look as the desktop prefers, until ctx ends. It returns at
// once, whether the desktop answers or not.
func (a *appearance) follow(ctx context.Context, wake func()) {
	if !portal.HasBus() {
		return
	}
	// Where nobody knows there is nothing to tell.
	go portal.WatchScheme(ctx, func(s portal.Scheme) {
		a.news.Put(s)
		wake()
	})
}

// pump takes in what the desktop prefers now; the window calls it each frame.
func (a *appearance) pump() {
	select {
	case a.desktop = <-a.news.C:
		a.apply()
	default:
	}
}

// choose has the window look as a person wants.
func (a *appearance) choose(c themeChoice) {
	a.chosen = c
	a.apply()
}

func (a *appearance) apply() {
	light := a.chosen == themeLight || a.chosen != themeDark && a.desktop == portal.Light
	if light != a.th.Dark {
		return
	}
	t := &theme.Dark
	if light {
		t = &theme.Light
	}
	a.th.Palette = kit.NewPalette(t)
}

// actions are the choices.
func (a *appearance) actions() []*studio.Action {
	choice := func(c themeChoice, title string) *studio.Action {
		return &studio.Action{ID: "theme." + string(c), Title: title, Checked: func() bool { return a.chosen == c }, Do: func() { a.choose(c) }}
	}
	return []*studio.Action{choice(themeSystem, "Theme of the desktop"), choice(themeLight, "Light theme"), choice(themeDark, "Dark theme")}
}
