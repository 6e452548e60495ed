package debugger

import (
	"slices"
	"strconv"
)

// Held is what a variable holds that is named on a line of the file of Next: in a procedure
// its local in the innermost call of that, if it has one of the name.
func (n *Moment) Held(line int, name string) (value string, ok bool) {
	all := n.Globals
	if i := procedureOn(n.program, n.Next.At.File, line); i >= 0 {
		p := &n.program.Procedures[i]
		if slices.Contains(p.Params, name) || slices.Contains(p.Locals, name) {
			at := slices.IndexFunc(n.Calls, func(c Call) bool { return c.Name == p.Name })
			if at < 0 {
				return "", false // it is not being called
			}
			all = n.Calls[at].Locals
		}
	}
	for i := range all {
		if v := &all[i]; v.Name == name && v.Words == nil {
			return strconv.Itoa(int(v.Value)), true
		}
	}
	return "", false
}
