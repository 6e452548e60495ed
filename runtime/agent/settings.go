package agent

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// settings are the rows of settings that the loop reads before each cycle, and now and
// then while it sleeps, as it uses them.
type settings struct {
	interval   time.Duration
	scripts    int
	frames     int
	pictures   int // that stay files
	unconfined bool
	wall       time.Duration
	backend    engine.Backend
	improve    idle.Settings
	read       bool // they are the database's, not what counts without one
}

var defaultSettings = settings{interval: 10 * time.Second, scripts: 3, frames: 1, pictures: 10_000, wall: 30 * time.Second}

// readSettings reads them. A value that makes no sense counts as the default, and odd
// is a sentence about it.
func readSettings(ctx context.Context, from Store) (s settings, odd []string, err error) {
	rows, err := from.Settings(ctx)
	if err != nil {
		return settings{}, nil, fmt.Errorf("reading the settings: %w", err)
	}
	value := map[string]string{}
	for _, spec := range store.SettingSpecs {
		v, ok := rows[spec.Name]
		if !ok {
			v = spec.Default
		}
		if bad := spec.Check(v); bad != nil {
			odd = append(odd, fmt.Sprintf("the setting %s is %q: %v; it counts as %s", spec.Name, clipped(v), bad, spec.Default))
			v = spec.Default
		}
		value[spec.Name] = v
	}
	// They have been checked.
	s.interval, _ = time.ParseDuration(value[store.IntervalSetting])
	s.wall, _ = time.ParseDuration(value[store.WallSetting])
	s.scripts, _ = strconv.Atoi(value[store.ScriptsSetting])
	s.frames, _ = strconv.Atoi(value[store.FramesSetting])
	s.pictures, _ = strconv.Atoi(value[store.PicturesSetting])
	s.backend, _ = engine.ParseBackend(value[store.BackendSetting])
	s.improve.Share, _ = strconv.Atoi(value[store.ImproveShareSetting])
	s.improve.On = store.SettingOn(value[store.ImproveSetting])
	s.improve.OnBattery = store.SettingOn(value[store.ImproveOnBattery])
	s.read = true
	s.unconfined = store.SettingOn(value[store.UnconfinedSetting])
	return s, odd, nil
}

// takeSettings reads the settings and has a loop take them over.
func takeSettings(ctx context.Context, a *Agent) error {
	s, odd, err := readSettings(ctx, a.store)
	if err == nil {
		a.apply(ctx, s, odd)
	}
	return a.tolerate("reading the settings", err)
}

// apply takes over the settings that were read, as far as the Config does not say
// otherwise. odd is what there is to say of them, which is said once.
func (a *Agent) apply(ctx context.Context, s settings, odd []string) {
	for _, text := range odd {
		if !slices.Contains(a.odd, text) {
			a.warn(text)
		}
	}
	if !slices.Equal(odd, a.odd) {
		a.odd = odd
		a.tell(StatusChanged, nil, func(s *Status) { s.OddSettings = odd })
	}
	if a.cfg.Backend != nil {
		s.backend = *a.cfg.Backend
	}
	first := !a.settings.read
	if !first && s.backend != a.settings.backend {
		a.resources.engines.drop()
		a.log.Info("programs run on another processor from now on", "backend", s.backend)
	}
	if a.cfg.Switched != nil && (first || s.backend != a.settings.backend) {
		a.cfg.Switched(ctx, s.backend)
	}
	a.settings = s
}

// clipped is a value that may be anything, as long as a sentence bears.
func clipped(value string) string {
	if r := []rune(value); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return value
}

// interval is the time from one cycle's beginning to the next.
func (a *Agent) interval() time.Duration {
	if a.cfg.Interval > 0 {
		return a.cfg.Interval
	}
	return a.settings.interval
}
