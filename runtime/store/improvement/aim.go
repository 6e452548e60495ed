package improvement

import (
	"context"
	"errors"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/sqlquery"
)

// Aim is what a goal asks for beside its words. A zero field: nothing.
type Aim struct {
	Target   string // content hash of the picture that is to be drawn
	Check    string // a program that is run after a candidate, and asserts; "" in a list
	Checked  bool   // there is one
	MaxCost  uint64
	ScriptID int64
	Script   string // its name, when it is read

	Fault string // what of it cannot be read, in words

	check string // hash of the check
}

// CheckMost is how many bytes a check may have.
const CheckMost = 64 << 10

// Empty says that a goal asks for nothing beside its words.
func (a Aim) Empty() bool { return a == Aim{} }

// SetAim writes what a goal asks for: target is the row of the picture, or nil, and check
// the hash of the program in contents, or "".
func SetAim(ctx context.Context, q sqlquery.Querier, goalID int64, target any, check string, maxCost uint64, scriptID int64) error {
	var cost any
	if maxCost > 0 {
		cost = clamped(maxCost)
	}
	_, err := q.ExecContext(ctx, `INSERT OR REPLACE INTO goal_aims (goal_id, target, check_pxl, max_cost, script_id) VALUES (?, ?, ?, ?, ?)`,
		goalID, target, emptyNull(check), cost, orNull(scriptID))
	return err
}

// AimColumns are the expressions of a query for goals g that ScanAim reads, and AimJoins
// what they are of.
var AimColumns = sqlquery.Columns(sqlquery.Text("p.hash"), "a.target IS NOT NULL", "a.check_pxl IS NOT NULL", "lower("+word("a.check_pxl")+")", "c.id IS NOT NULL",
	sqlquery.Integer("a.max_cost"), sqlquery.Integer("s.id"), word("s.name"))

const AimJoins = ` LEFT JOIN goal_aims a ON a.goal_id = g.id LEFT JOIN pictures p ON p.id = a.target
	LEFT JOIN contents c ON c.hash = a.check_pxl LEFT JOIN improvement_scripts s ON s.id = a.script_id `

// ScanAim gives what AimColumns are scanned into, and what makes an Aim of it.
func ScanAim() (to []any, aim func() Aim) {
	var a Aim
	var wanted, there bool
	var cost int64
	return []any{&a.Target, &wanted, &a.Checked, &a.check, &there, &cost, &a.ScriptID, &a.Script}, func() Aim {
		a.MaxCost = uint64(max(cost, 0))
		switch {
		case wanted && a.Target == "":
			a.Fault = "its target is no picture of the database"
		case a.Checked && !there:
			a.Fault = "its check is not in the database"
		}
		return a
	}
}

// ReadCheck reads the check of a goal that was read without it.
func (a *Aim) ReadCheck(ctx context.Context, q sqlquery.Querier) (err error) {
	if a.check == "" {
		return nil
	}
	a.Check, err = (&bundle.Reader{Q: q}).Entry(ctx, a.check)
	if lost := (*bundle.Lost)(nil); errors.As(err, &lost) {
		a.Fault, err = "of its check "+lost.Error(), nil
	}
	return err
}
