package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"strings"

	"gvpie/runtime/improve"
	"gvpie/runtime/isa"
	"gvpie/runtime/store"
)

// GoalStore is what adding a goal asks of the database. *store.Store is one.
type GoalStore interface {
	Script(ctx context.Context, name string) (store.Script, error)
	PutPicture(png []byte) (hash string, err error)
	AddGoalWith(ctx context.Context, g store.Goal) (id int64, err error)
}

// NewGoal is a goal as it is given. Only Words are needed.
type NewGoal struct {
	Words    string
	Priority int64  // 0: 5
	Target   []byte // a PNG of what is to be drawn
	Check    string // see improve.ParseCheck
	MaxCost  uint64 // of what meets it; 0: any
	Script   string // the name of the script that it is about
}

// GoalRefused is the error of AddGoal for what makes no goal, in a sentence.
type GoalRefused string

func (r GoalRefused) Error() string { return string(r) }

// AddGoal adds a goal whose target is a picture and whose check assembles. Its errors are
// GoalRefused and those of the database.
func AddGoal(ctx context.Context, db GoalStore, n NewGoal) (id int64, err error) {
	g := store.Goal{Goal: strings.TrimSpace(n.Words), Priority: n.Priority, Aim: store.GoalAim{Check: n.Check, MaxCost: n.MaxCost}}
	if g.Goal == "" {
		return 0, GoalRefused("a goal needs words")
	}
	if n.Check != "" {
		if _, err := improve.ParseCheck(n.Check); err != nil {
			return 0, GoalRefused(err.Error())
		}
		if len(n.Check) > store.CheckMost {
			return 0, GoalRefused(fmt.Sprintf("the check has %d bytes, and may have %d", len(n.Check), store.CheckMost))
		}
	}
	if n.Script != "" {
		script, err := db.Script(ctx, n.Script)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return 0, GoalRefused(fmt.Sprintf("there is no script %q that the goal could be about", n.Script))
		case err != nil:
			return 0, err
		case script.Lang != "pixel":
			return 0, GoalRefused(fmt.Sprintf("the script %q is no pixel program", n.Script))
		}
		g.Aim.ScriptID = script.ID
	}
	if n.Target != nil {
		if err := CheckTarget(n.Target); err != nil {
			return 0, err
		}
		if g.Aim.Target, err = db.PutPicture(n.Target); err != nil {
			return 0, err
		}
	}
	return db.AddGoalWith(ctx, g)
}

// TargetMost is how many bytes the PNG of a target may have.
const TargetMost = 8 << 20

// CheckTarget says why a file can be no target of a goal: a GoalRefused.
func CheckTarget(file []byte) error {
	if len(file) > TargetMost {
		return GoalRefused(fmt.Sprintf("the target has %d MB, and may have %d", len(file)>>20, TargetMost>>20))
	}
	head, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return GoalRefused("the target is no PNG that can be read: " + pngError(err))
	}
	if head.Width > isa.MaxCanvas || head.Height > isa.MaxCanvas {
		return GoalRefused(fmt.Sprintf("the target has %d × %d pixels, and a canvas has %d × %d at most", head.Width, head.Height, isa.MaxCanvas, isa.MaxCanvas))
	}
	if _, err := png.Decode(bytes.NewReader(file)); err != nil {
		return GoalRefused("the target is a damaged PNG: " + pngError(err))
	}
	return nil
}

func pngError(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
		return "it ends too early"
	}
	return strings.TrimPrefix(err.Error(), "png: ")
}
