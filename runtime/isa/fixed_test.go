package isa

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"testing"
)

const least, most = math.MinInt32, math.MaxInt32

func TestFixedPoint(t *testing.T) {
	for _, c := range []struct {
		op      Op
		a, b, c int32
		want    int32
		fault   Fault
	}{
		{op: FMUL, a: 3 << 16, b: 5 << 15, c: 16, want: 15 << 15},
		{op: FMUL, a: least, b: least, c: 63, want: 0},
		{op: FMUL, a: least, b: least, c: 31, want: least},
		{op: FMUL, a: -1, b: 1, c: 63, want: -1},
		{op: FMUL, a: -7, b: 1, c: 1, want: -4},
		{op: FMUL, a: 7, b: 9, c: 64, want: 63},
		{op: FDIV, a: -7, b: 2, want: -3},
		{op: FDIV, a: 1, b: 3, c: 31, want: 715827882},
		{op: FDIV, a: least, b: -1, c: 31, want: 0},
		{op: FDIV, a: least, b: -1, want: least},
		{op: FDIV, a: 5, b: 2, c: 33, want: 5},
		{op: FDIV, a: 5, c: 3, fault: DivByZero},
		{op: HASH, a: 0, want: 129708002},
		{op: HASH, a: most, want: -375436850},
		{op: ATAN2, want: 0},
		{op: ATAN2, a: 5, b: -5, want: 384},
		{op: ATAN2, a: -1, b: most, want: 0},
		{op: ATAN2, a: least, b: least, want: 640},
		{op: HYPOT, a: 3, b: -4, want: 5},
		{op: HYPOT, a: -30000, b: 40000, want: 50000},
		{op: HYPOT, a: least, b: least, want: most},
		{op: HYPOT, a: least, want: 2147418112},
		{op: NOISE, want: 94},
		{op: NOISE, a: least, b: least, want: 71},
		{op: RGBOF, a: -1, b: 256, c: 128, want: 0x00FF80},
		{op: HSVOF, a: -1, b: 999, c: 999, want: 0xFF0001},
		{op: HSVOF, a: 341, b: 255, c: 255, want: 0x00FF00},
		{op: HSVOF, a: 700, b: 0, c: 77, want: 0x4D4D4D},
		{op: MIX, a: -1, b: 0, c: -5, want: 0xFFFFFF},
		{op: MIX, a: 0, b: 0xFFFFFF, c: 128, want: 0x7F7F7F},
		{op: MIX, a: 0xFF00FF, b: 0x00FF00, c: 999, want: 0x00FF00},
	} {
		v, fault, ok := Alu(c.op, c.a, c.b, c.c)
		if !ok || fault != c.fault || v != c.want {
			t.Errorf("%v(%d, %d, %d) = %d %v %v, want %d %v", c.op, c.a, c.b, c.c, v, fault, ok, c.want, c.fault)
		}
	}
}

// The table of angles is what the language says, and no one may change it.
func TestAtanTable(t *testing.T) {
	for q, got := range AtanTable {
		if want := math.Round(512 / math.Pi * math.Atan(float64(q)/1024)); float64(got) != want {
			t.Errorf("atan(%d/1024) is %d, not %v", q, got, want)
		}
	}
	sum := sha256.Sum256(AtanTable[:])
	if got := hex.EncodeToString(sum[:4]); got != "b243050e" {
		t.Errorf("the table's checksum begins with %s", got)
	}
}

func TestEveryAngleComesBack(t *testing.T) {
	for a := range int32(1024) {
		if got := Atan2(SinTable[a], SinTable[(a+256)&1023]); got != a {
			t.Errorf("the angle of (cos %d, sin %d) is %d", a, a, got)
		}
	}
}
