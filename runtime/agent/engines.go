package agent

import "gvpie/runtime/engine"

// engines are what the loop runs programs on. Each is made when it is first needed
// and used until it is lost.
type engines struct {
	cfg       *Config
	main, cpu engine.Engine // nil: not made yet
}

// get gives the loop's engine, or the CPU's.
func (e *engines) get(cpu bool) engine.Engine {
	if !cpu && e.main == nil && e.cfg.Engine != nil {
		e.main = e.cfg.Engine()
	}
	if !cpu && e.main != nil {
		return e.main
	}
	if e.cpu == nil {
		make := engine.NewCPU
		if e.cfg.CPU != nil {
			make = e.cfg.CPU
		}
		e.cpu = make()
	}
	return e.cpu
}

// two says whether there are two to choose between.
func (e *engines) two() bool { return e.cfg.CPU != nil && e.get(false) != e.cpu }

// drop gives the engines up; the next run makes new ones.
func (e *engines) drop() {
	for _, one := range []*engine.Engine{&e.cpu, &e.main} {
		if *one == nil {
			continue
		}
		if err := (*one).Close(); err != nil {
			e.cfg.Logger.Warn("closing an engine", "error", err)
		}
		*one = nil
	}
}

// line names, for the health line, the engine that scripts run on.
func (e *engines) line() string {
	if e.cfg.Health != nil {
		if line := e.cfg.Health(); line != "" {
			return line
		}
	}
	one := e.get(false)
	return one.Kind().String() + " " + one.Adapter()
}
