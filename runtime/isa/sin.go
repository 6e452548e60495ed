package isa

import "math"

// makeSinTable rounds in float64. The nearest any of the 1024 products comes to
// a half is far above one ulp, so every math library gives the same integers;
// TestSinTable holds the table to a checksum.
func makeSinTable() (t [1024]int32) {
	for k := range t {
		t[k] = int32(math.Round(1024 * math.Sin(2*math.Pi*float64(k)/1024)))
	}
	return t
}
