package store

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestARealDiskThatIsFull fills a disk of two megabytes, and makes room again. It
// needs the right to mount one.
func TestARealDiskThatIsFull(t *testing.T) {
	ctx := t.Context()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(disk, 0)) })
	s, _ := open(t, filepath.Join(disk, "data"))
	filler := filepath.Join(disk, "filler")
	must(t, os.WriteFile(filler, make([]byte, 1<<20), 0o600))

	acked, full := int64(0), error(nil)
	var running int64
	for i := 0; full == nil && i < 1000; i++ {
		id, err := s.BeginRun(ctx, 1, start, "CPU")
		if err != nil {
			full = err
			break
		}
		f := hello()
		f.Stdout = strings.Repeat(string(rune('a'+i%26)), 3000+i)
		if _, full = s.FinishRun(ctx, id, f); full == nil {
			acked++
		} else {
			running = id
		}
	}
	isErr(t, full, ErrFull)
	if acked == 0 {
		t.Fatal("the disk was full before anything was written")
	}
	_, err := s.PutPicture(make([]byte, 1<<20))
	isErr(t, err, ErrFull)
	rows := acked
	verified(t, s, rows)
	isErr(t, os.WriteFile(filler+"2", make([]byte, 2<<20), 0o600), syscall.ENOSPC) // to the last page
	isErr(t, s.Room(), ErrFull)
	isErr(t, s.Check(ctx), ErrFull)
	must(t, os.Remove(filler+"2"))
	must(t, os.Remove(filler))
	if running != 0 {
		_, err := s.FinishRun(ctx, running, hello())
		must(t, err)
		rows++
	}
	must(t, s.Check(ctx))
	run(t, s, 1, start, hello())
	verified(t, s, rows+1)
}

// Snapshots may take a tenth of the disk, which is said once where that is not enough.
func TestNoSnapshotTakesMoreThanATenthOfTheDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(disk, 0)) })
	var log bytes.Buffer
	h := hand{start}
	s, _, err := Open(t.Context(), filepath.Join(disk, "data"), Options{Now: func() time.Time { return h.now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, os.WriteFile(filepath.Join(disk, "filler"), make([]byte, 1600<<10), 0o600))
	for range 4 {
		checked(t, s)
		h.now = h.now.Add(10 * time.Minute)
	}
	if all, said := made(t, s), strings.Count(log.String(), "no snapshots of the database"); len(all) > 0 || said != 1 {
		t.Errorf("%q were made; it was said %d times:\n%s", all, said, log.String())
	}
}
