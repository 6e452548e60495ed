package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/store"
)

// Of the pictures that are not among the newest, the loop drops those that it has made
// again bit for bit, on the CPU, from their row of the map: a program has no input but
// its code, its seed and its frames. Pictures of runs that failed, of cartridges, whose
// files may go, and of programs that take long are kept. What was dropped is made on
// demand.

const (
	// dropsAtOnce and dropTime bound what a cycle does for that.
	dropsAtOnce = 64
	dropTime    = 300 * time.Millisecond
	// remakeQuick is how long a program may take for its picture to be dropped, and
	// remakeMost how long whoever asks for it then waits.
	remakeQuick = 2 * time.Second
	remakeMost  = 20 * time.Second
)

// dropPictures drops old pictures, some in each cycle.
func dropPictures(ctx context.Context, a *Agent) error {
	if len(a.unsaved) > 0 { // they may have pictures that nobody else has
		return nil
	}
	old, err := a.store.OldPictures(ctx, a.settings.pictures, dropsAtOnce)
	if err != nil || len(old) == 0 {
		return err
	}
	began := time.Now()
	var drop, keep []string
	var made remade
	for i, p := range old {
		if i == 0 || p.Run != old[i-1].Run {
			if i > 0 && time.Since(began) > a.dropTime {
				break
			}
			if made, err = remadeWithin(ctx, a.remakeTime, a.store, a.resources.engines.get(true), p.Run); err != nil {
				return err
			}
		}
		if made.of(p.Hash) != nil {
			drop = append(drop, p.Hash)
		} else {
			keep = append(keep, p.Hash)
		}
	}
	a.resources.pictures.forgetSome(drop)
	if err := a.store.DropPictures(ctx, drop, keep); err != nil {
		return err
	}
	a.log.Info("old pictures are dropped, which replay has made again bit for bit", "dropped", len(drop), "kept", len(keep))
	return nil
}

// remadeWithin gives the pictures that a run's row makes again: none where it does not,
// or takes longer. The error is the database's, or the loop's end.
func remadeWithin(ctx context.Context, limit time.Duration, s Store, e engine.Engine, run int64) (made remade, err error) {
	r, err := s.Run(ctx, run)
	if err == nil {
		short, done := context.WithTimeout(ctx, limit)
		defer done()
		made, err = remake(short, s, e, r)
	}
	if ctx.Err() != nil {
		return remade{}, ctx.Err()
	}
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || !store.Whole(err) {
			err = nil
		}
		return remade{}, err
	}
	return made, nil
}

// remade are the pictures that a run's row has made again.
type remade struct {
	Replayed
	human, screen []byte // PNGs
}

// of gives the picture with a hash, where it is one of the two.
func (m remade) of(hash string) []byte {
	for _, b := range [][]byte{m.human, m.screen} {
		if b != nil && digest(b) == hash {
			return b
		}
	}
	return nil
}

// remake runs a run's program again, from its row of the map.
func remake(ctx context.Context, s Store, e engine.Engine, run store.Run) (made remade, err error) {
	row, err := s.MapRow(ctx, run.MapID)
	if err != nil {
		return made, err
	}
	was, err := resultOf(row)
	if err != nil {
		return made, err
	}
	if was.Lang != "pixel" {
		return made, fmt.Errorf("%w: a %q script depends on more than its row", ErrNoReplay, was.Lang)
	}
	p, err := replayProgram(ctx, s, "", row, was)
	if err != nil {
		return made, err
	}
	var t textures
	if made.Replayed, t, err = p.replay(ctx, e, row, was); err != nil {
		return made, err
	}
	if made.human, err = asPNG(t.human); err == nil {
		made.screen, err = asPNG(machine.Codes(t.display, p.header.W, p.header.H))
	}
	return made, err
}

// Picture gives a picture by its hash: from the data folder, or, where it was dropped,
// made again, as again says. The error of one that does not come out the same says what
// differs.
func Picture(ctx context.Context, s Store, hash string) (png []byte, again bool, err error) {
	png, err = s.Picture(hash)
	if !errors.Is(err, store.ErrNotFound) {
		return png, false, err
	}
	if png, e := Remake(ctx, s, hash); !errors.Is(e, store.ErrNotFound) {
		return png, true, e
	}
	return nil, false, err
}

// Remake makes a picture again, by its hash, from a run that has it. store.ErrNotFound
// when none is known.
func Remake(ctx context.Context, s Store, hash string) ([]byte, error) {
	id, err := s.PictureRun(ctx, hash)
	if err != nil {
		return nil, err
	}
	run, err := s.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	ctx, done := context.WithTimeout(ctx, remakeMost)
	defer done()
	e := engine.NewCPU()
	defer e.Close()
	made, err := remake(ctx, s, e, run)
	switch b := made.of(hash); {
	case err != nil:
	case b != nil:
		return b, nil
	case made.Agrees() && hash == run.HumanPNG: // the same texels, written as a file in another way
		return made.human, nil
	case made.Agrees() && hash == run.MachinePNG:
		return made.screen, nil
	case made.Agrees():
		err = errors.New("it makes others")
	default:
		err = fmt.Errorf("it comes out otherwise: %s", made.Divergences[0])
	}
	return nil, fmt.Errorf("picture %.12s is no file any more, and could not be made again by replaying run %d: %w", hash, id, err)
}
