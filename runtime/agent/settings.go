package agent

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// The settings that the loop reads from the table settings before each cycle. A
// value that makes no sense counts as the default.
const (
	intervalSetting   = "interval"          // from one cycle's beginning to the next, when Config says nothing
	scriptsSetting    = "scripts_per_cycle" // at most
	framesSetting     = "script_frames"     // frames that a program is run for at most
	unconfinedSetting = "python_unconfined" // 1: python runs where it cannot be confined
	wallSetting       = "python_wall_clock" // a python script's limit
)

// settings are those rows as the loop uses them.
type settings struct {
	interval   time.Duration
	scripts    int
	frames     int
	unconfined bool
	wall       time.Duration
}

var defaultSettings = settings{interval: 10 * time.Second, scripts: 3, frames: 1, wall: 30 * time.Second}

func readSettings(ctx context.Context, from Store) (settings, error) {
	rows, err := from.Settings(ctx)
	if err != nil {
		return settings{}, fmt.Errorf("reading the settings: %w", err)
	}
	s := defaultSettings
	for _, row := range []struct {
		key string
		set func(string)
	}{
		{intervalSetting, span24(&s.interval, 10*time.Millisecond)},
		{scriptsSetting, from1(&s.scripts, 100)},
		{framesSetting, from1(&s.frames, 100_000)},
		{unconfinedSetting, func(v string) { s.unconfined = v == "1" }},
		{wallSetting, span24(&s.wall, time.Second)},
	} {
		row.set(rows[row.key])
	}
	return s, nil
}

// from1 takes a number from 1 to most.
func from1(to *int, most int) func(string) {
	return func(value string) {
		if n, err := strconv.Atoi(value); err == nil && n >= 1 && n <= most {
			*to = n
		}
	}
}

// span24 takes a time from least to a day.
func span24(to *time.Duration, least time.Duration) func(string) {
	return func(value string) {
		if d, err := time.ParseDuration(value); err == nil && d >= least && d <= 24*time.Hour {
			*to = d
		}
	}
}

// interval is the time from one cycle's beginning to the next.
func (a *Agent) interval() time.Duration {
	if a.cfg.Interval > 0 {
		return a.cfg.Interval
	}
	return a.settings.interval
}
