package api

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkHello is what a plain client does: assemble, then run what came, over
// a connection that is kept.
func BenchmarkHello(b *testing.B) {
	d := open(b, testConfig())
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		a := d.want(200, "POST", "/api/pixel/assemble", m{"source": hello})
		res, body := d.do("POST", "/api/pixel/run", m{"program": a["program"], "backend": "GPU", "max_cycles": 1024, "canvas_width": 128, "canvas_height": 64})
		if res.StatusCode != 200 || len(body) < 2*32768 {
			b.Fatalf("%s: %d bytes", res.Status, len(body))
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
}

func BenchmarkAppendWords(b *testing.B) {
	words := make([]uint32, 128*64)
	for i := range words {
		words[i] = uint32(i) * 2654435761
	}
	var out []byte
	for b.Loop() {
		out = appendWords(out[:0], words)
	}
	b.SetBytes(int64(len(out)))
}
