package improve

import (
	"context"
	"errors"
	"strings"
	"testing"
)

const square = ".canvas 32 18 pixel\nLOG drawn\nCLS navy\nRECT 4 4 8 8 red\nHALT\n"

// A check is a program that is run on what another left, or the log lines that it wrote.
func TestChecksHoldOrSayWhyNot(t *testing.T) {
	for _, c := range []struct{ program, check, why string }{
		{square, "ASSERT peek(4, 4) == red\nASSERT peek(0, 0) == navy\nASSERT W == 32\nHALT\n", ""},
		{square, ".canvas 32 18 pixel\nFOR i = 4 TO 11\n  ASSERT peek(i, 11) == 0xFF0000\nEND\n", ""},
		{square, "NOP\nASSERT peek(12, 4) == red\n", "the check's line 2: this does not hold: ASSERT peek(12, 4) == red"},
		{square, ".canvas 32 18 pixel\nASSERT 0\n", "the check's line 2: this does not hold"},
		{square, "l:\nASSERT 1\nFRAME\nJMP l\n", "the check never ends: it had not halted after 60 frames"},
		{square, "l:\nASSERT 1\nJMP l\n", "the check's line 2: the frame was not over after"},
		{square, "ASSERT 1 / peek(20, 20)\n", "is divided by zero"},
		{square, ".canvas 16 16\nASSERT 1\n", "the check is for a canvas of 16 × 16 cells, and it draws on 32 × 18 pixels"},
		{".canvas 8 8\nTXT 1 1 A\n", "ASSERT peek(1, 1) != 0\n", ""},
		{"l:\nCLS navy\nFRAME\nJMP l\n", "ASSERT 1\n", ""},
		{"x = 0\nASSERT x\n", "ASSERT 1\n", "it ends with an error in frame 0: this does not hold: ASSERT x"},
		{square, "> drawn\n", ""},
		{square, ">drawn\r\n", ""},
		{square, "> drawn\n> twice\n", "it writes 1 log lines, and 2 are wanted"},
		{square, "> painted\n", `log line 1 is "drawn", and should be "painted"`},
		{"LOG drawn\nFRAME\nLOG drawn\nHALT\n", "> drawn\n", "it writes more log lines than the 1 that are wanted"},
	} {
		p, err := Load("p", c.program)
		if err != nil {
			t.Fatal(err)
		}
		check, err := ParseCheck(c.check)
		if err != nil {
			t.Fatalf("%q: %v", c.check, err)
		}
		ok, why, err := passes(t.Context(), p, check)
		if err != nil {
			t.Fatal(err)
		}
		if ok != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%q after %q: %v %q, want %q", c.check, c.program, ok, why, c.why)
		}
	}
}

func passes(ctx context.Context, p *Program, c Check) (bool, string, error) {
	l, err := Leave(ctx, p)
	if err != nil {
		return false, "", err
	}
	return l.Passes(ctx, c)
}

func TestWhatIsNoCheckIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "asserts nothing",
		"CLS red\n":         "asserts nothing",
		"ASSERTT 1\n":       "does not assemble: check:1:1",
		"> a\nb\n":          "line 2 of the check does not begin with >",
		"LOG ASSERT\nHALT":  "asserts nothing",
		"ASSERT peek(1)\n":  "does not assemble",
		"> a\n\n> b\n":      "line 2 of the check does not begin with >",
		"\x00\xff":          "does not assemble",
		"; ASSERT 1\nHALT ": "asserts nothing",
	} {
		if _, err := ParseCheck(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestACheckEndsWithItsContext(t *testing.T) {
	p, err := Load("p", "l:\nFRAME\nJMP l\n")
	if err != nil {
		t.Fatal(err)
	}
	check, err := ParseCheck("ASSERT 1")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := passes(ctx, p, check); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
