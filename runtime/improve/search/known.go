package search

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed tasks.json
var knownTasks []byte

// Known is a task whose shortest form is known: a bit trick.
type Known struct {
	Task
	What      string // it is worth, in words
	Operators int    // of the shortest
}

// KnownTasks are bit tricks that a search is measured with.
func KnownTasks() []Known {
	var all []struct {
		What, Vars string
		Naive      []string
		Operators  int
	}
	if err := json.Unmarshal(knownTasks, &all); err != nil { // it is embedded
		panic(err)
	}
	known := make([]Known, len(all))
	for i, t := range all {
		known[i] = Known{Task{t.Naive, strings.Split(t.Vars, "")}, t.What, t.Operators}
	}
	return known
}
