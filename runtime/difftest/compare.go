package difftest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// ErrDiffer is wrapped by the error of a [Compare] whose engines disagree.
var ErrDiffer = errors.New("the engines differ")

// Run is what both engines are given.
type Run struct {
	Program isa.Program
	Seed    int32           // 0: isa.DefaultSeed
	Frames  int             // at most; below 1 counts as 1
	Budget  uint32          // cycles a frame; 0: isa.DefaultBudget
	Inputs  []machine.Input // frame i sees Inputs[i % len]; none: no input
}

func (r Run) input(frame int) machine.Input {
	if len(r.Inputs) == 0 {
		return machine.Input{}
	}
	return r.Inputs[frame%len(r.Inputs)]
}

// Compare runs a program on two engines, frame by frame, and looks at everything
// they made after each, and after one frame more where a run ends. The error wraps ErrDiffer when they disagree, and says
// about what and where; otherwise it is one of the engines' own, such as
// engine.ErrUnsupported.
func Compare(ctx context.Context, a, b engine.Engine, r Run) error {
	if r.Seed == 0 {
		r.Seed = isa.DefaultSeed
	}
	for _, e := range []engine.Engine{a, b} {
		if err := e.Load(ctx, r.Program, r.Seed); err != nil {
			return fmt.Errorf("loading on %v: %w", e.Kind(), err)
		}
	}
	for i := range max(r.Frames, 1) {
		status, err := r.frame(ctx, a, b, i)
		if err != nil {
			return err
		}
		if status != isa.Framed { // a machine that has ended stays as it is
			if _, err := r.frame(ctx, a, b, i+1); err != nil {
				return fmt.Errorf("the frame behind the end: %w", err)
			}
			break
		}
	}
	return sameHuman(ctx, a, b)
}

// frame runs a frame on both engines.
func (r Run) frame(ctx context.Context, a, b engine.Engine, i int) (isa.Status, error) {
	ra, err := a.Frame(ctx, r.input(i), r.Budget)
	if err != nil {
		return 0, fmt.Errorf("frame %d on %v: %w", i, a.Kind(), err)
	}
	rb, err := b.Frame(ctx, r.input(i), r.Budget)
	if err != nil {
		return 0, fmt.Errorf("frame %d on %v: %w", i, b.Kind(), err)
	}
	if err := sameReport(ra, rb); err != nil {
		return 0, fmt.Errorf("%w after frame %d: %w", ErrDiffer, i, err)
	}
	if err := samePages(ctx, a, b); err != nil {
		return 0, fmt.Errorf("after frame %d: %w", i, err)
	}
	return ra.Status, nil
}

func sameReport(a, b machine.Report) error {
	switch {
	case a.Status != b.Status:
		return fmt.Errorf("status %v %v, and %v %v", a.Status, faultText(a.Fault), b.Status, faultText(b.Fault))
	case !reflect.DeepEqual(a.Fault, b.Fault):
		return fmt.Errorf("fault %v, and %v", faultText(a.Fault), faultText(b.Fault))
	case a.Cycles != b.Cycles:
		return fmt.Errorf("%d cycles, and %d", a.Cycles, b.Cycles)
	case a.Frame != b.Frame:
		return fmt.Errorf("frame counter %d, and %d", a.Frame, b.Frame)
	case a.Commands != b.Commands:
		return fmt.Errorf("%d commands, and %d", a.Commands, b.Commands)
	case !slices.Equal(a.Log, b.Log):
		return fmt.Errorf("log %+v, and %+v", a.Log, b.Log)
	}
	return nil
}

func faultText(f *machine.Fault) string {
	if f == nil {
		return "without a fault"
	}
	return fmt.Sprintf("%v %+v", f.Code, *f)
}

func samePages(ctx context.Context, a, b engine.Engine) error {
	sa, err := a.Snapshot(ctx)
	if err != nil {
		return err
	}
	sb, err := b.Snapshot(ctx)
	if err != nil {
		return err
	}
	width := machine.PageRow
	if h, err := sa.Program.Header(); err == nil {
		width = h.W
	}
	for _, page := range []struct {
		name  machine.Page
		a, b  []uint32
		width int
	}{
		{machine.ProgramPage, sa.Program, sb.Program, 0},
		{machine.DataPage, sa.Data, sb.Data, 0},
		{machine.StatePage, sa.State, sb.State, 0},
		{machine.DisplayPage, sa.Display, sb.Display, width},
		{machine.WriterPage, sa.Writer, sb.Writer, width},
	} {
		if err := sameWords(page.a, page.b, page.width); err != nil {
			return fmt.Errorf("%w: %v page %w", ErrDiffer, page.name, err)
		}
	}
	ca, pa, err := a.Commands(ctx)
	if err != nil {
		return err
	}
	cb, pb, err := b.Commands(ctx)
	if err != nil {
		return err
	}
	if len(ca) != len(cb) {
		return fmt.Errorf("%w: %d commands, and %d", ErrDiffer, len(ca), len(cb))
	}
	for i := range ca {
		if ca[i] != cb[i] {
			return fmt.Errorf("%w: command %d (%v) is %x, and %x", ErrDiffer, i, ca[i].Op(), ca[i], cb[i])
		}
	}
	if err := sameWords(pa, pb, 0); err != nil {
		return fmt.Errorf("%w: payload %w", ErrDiffer, err)
	}
	return nil
}

// sameWords finds the first word that differs; with a width, it tells the texel.
func sameWords(a, b []uint32, width int) error {
	if len(a) != len(b) {
		return fmt.Errorf("of %d words, and of %d", len(a), len(b))
	}
	for i := range a {
		switch {
		case a[i] == b[i]:
		case width > 0:
			return fmt.Errorf("texel %d,%d is %08x, and %08x", i%width, i/width, a[i], b[i])
		default:
			return fmt.Errorf("word %d is %08x, and %08x", i, a[i], b[i])
		}
	}
	return nil
}

func sameHuman(ctx context.Context, a, b engine.Engine) error {
	ha, err := a.Human(ctx)
	if err != nil {
		return err
	}
	hb, err := b.Human(ctx)
	if err != nil {
		return err
	}
	if ha.Rect != hb.Rect {
		return fmt.Errorf("%w: a human texture of %v, and of %v", ErrDiffer, ha.Rect, hb.Rect)
	}
	row := 4 * ha.Rect.Dx()
	for y := range ha.Rect.Dy() {
		pa, pb := ha.Pix[y*ha.Stride:][:row], hb.Pix[y*hb.Stride:][:row]
		if bytes.Equal(pa, pb) {
			continue
		}
		for x := 0; x < row; x += 4 {
			if !bytes.Equal(pa[x:x+4], pb[x:x+4]) {
				return fmt.Errorf("%w: human pixel %d,%d is %x, and %x", ErrDiffer, x/4, y, pa[x:x+4], pb[x:x+4])
			}
		}
	}
	return nil
}
