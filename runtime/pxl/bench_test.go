package pxl_test

import (
	"strings"
	"testing"
	"time"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/internal/corpus"
)

func BenchmarkAssembleHello(b *testing.B) {
	for b.Loop() {
		if !pxl.Assemble("hello.pxl", "TXT 10 10 HELLO GPU\nHALT\n").OK() {
			b.Fatal("hello does not assemble")
		}
	}
}

func BenchmarkAssembleNight(b *testing.B) {
	src := corpus.Programs(b)["13_night.pxl"]
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		pxl.Assemble("night.pxl", src)
	}
}

const megabyte = 1 << 20

func BenchmarkAssembleFiveMegabytes(b *testing.B) {
	src := strings.Repeat("SET x = (x + 2 * frame) & 255\nRECT x 5 100 20 0x336699 ; panel\n", 5*megabyte/64)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		pxl.Assemble("big.pxl", src)
	}
}

// TestHugeSourceIsReadInTime holds sources that could cost the square of their
// length to a generous bound: a second would do.
func TestHugeSourceIsReadInTime(t *testing.T) {
	for name, piece := range map[string]string{
		"statements":        "SET x = (x + 2 * frame) & 255\n",
		"labels on a line":  "a:",
		"equal labels":      "a:\n",
		"errors":            "NOPE 1 2\n",
		"unknown names":     "CLS nope\n",
		"unknown labels":    "JMP nope\n",
		"unknown constants": ".const a b\n",
		"open blocks":       "IF 1\n",
		"one-line IFs":      "IF W ",
		"parentheses":       "(",
		"a sum":             "+1",
		"a text":            "{",
		"quotes":            "LOG \"a{'\"'}\" x\n",
		"a line":            "SET x = 1 ",
		"words":             "word",
		"other languages":   "for i in range(3):\n",
		"one long choice":   "IF 1\n" + strings.Repeat("ELSE IF W\nNOP\n", 9000),
		"nested loops":      strings.Repeat("FOR i = 1 TO 3\nCALL a\n", 9000) + "a:\nSET i = 1\n",
		"subroutines":       strings.Repeat("FOR i = 1 TO 3\nCALL a\nEND\na:\nSET j = 1\n", 9000),
	} {
		head := ""
		switch name {
		case "parentheses", "a sum":
			head = "SET x = 1"
		case "a text":
			head = "LOG "
		}
		src := head + strings.Repeat(piece, (megabyte-len(head))/len(piece))
		begin := time.Now()
		a := pxl.Assemble("big.pxl", src)
		if took := time.Since(begin); took > 2*time.Minute {
			t.Errorf("%s: %v", name, took)
		}
		for _, d := range a.Diagnostics {
			checkRange(t, src, d)
		}
	}
}
