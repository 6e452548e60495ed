package benchmark

import (
	"fmt"
	"strconv"
	"strings"
)

// layout are the columns of the table for a person.
const layout = "%-17s %16s %10s  %-20s %7s  %-15s %s\n"

// Head is the table's head.
func (t Table) Head() string {
	if t == Improving {
		return fmt.Sprintf(layout, "", "ours", "", "yardstick", "ratio", "to reach", "")
	}
	return fmt.Sprintf(layout, "", "processor time", "wall", "yardstick", "ratio", "to reach", "")
}

// Line is the row as a line of the table.
func (r Row) Line() string {
	yardstick, ratio := "", ""
	if r.Yardstick != nil {
		yardstick, ratio = short(r.Yardstick)+" "+r.Against, short(r.Ratio)
	}
	state := ""
	if r.Reached != nil && *r.Reached {
		state = "reached"
	}
	if r.Note != "" {
		state = strings.TrimSpace(state + " – " + r.Note)
	}
	ours := "–"
	if r.Ours != nil {
		ours = short(r.Ours) + " " + r.Unit
	}
	return fmt.Sprintf(layout, r.Name, ours, short(r.Wall), yardstick, ratio, r.goal(), state)
}

// goal is what the row is to reach.
func (r Row) goal() string {
	sign := "≥"
	if r.Less && !r.byRatio() {
		sign = "≤"
	}
	goal := sign + " " + short(&r.ToReach)
	if !r.byRatio() {
		goal += " " + r.Unit
	}
	return goal
}

// byRatio says whether the row is to reach a ratio.
func (r Row) byRatio() bool { return r.Yardstick != nil }

// short writes a value with three digits, or all before the point.
func short(v *float64) string {
	switch {
	case v == nil:
		return "–"
	case *v >= 100:
		return strconv.FormatFloat(*v, 'f', 0, 64)
	}
	return strconv.FormatFloat(*v, 'g', 3, 64)
}
