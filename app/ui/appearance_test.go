package ui

import (
	"testing"

	"gvpie/app/ui/portal"
)

func TestTheWindowIsAsLightAsTheDesktopUnlessSomebodyChose(t *testing.T) {
	d := newDesk(t, 900, 600, 1)
	look := d.bench.look
	shows := func(why string, dark bool) {
		t.Helper()
		if d.Frame(); d.bench.th.Dark != dark {
			t.Errorf("%s: dark is %v", why, !dark)
		}
	}
	prefers := func(s portal.Scheme) { look.news.Put(s) }
	shows("nobody said anything", true)
	prefers(portal.Light)
	shows("the desktop is light", false)
	prefers(portal.NoPreference)
	shows("the desktop does not care", true)
	prefers(portal.Light)
	d.bench.action("theme.dark").Invoke()
	shows("dark was chosen on a light desktop", true)
	prefers(portal.Dark)
	d.bench.action("theme.light").Invoke()
	shows("light was chosen on a dark desktop", false)
	prefers(portal.NoPreference)
	shows("the desktop changed, and light was chosen", false)
	d.bench.action("theme.system").Invoke()
	shows("the choice is the desktop's again", true)
	if !d.bench.action("theme.system").Checked() || d.bench.action("theme.light").Checked() {
		t.Error("the menu says something else is chosen")
	}
}
