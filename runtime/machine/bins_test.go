package machine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// touched paints a command alone and says which texels it writes.
func touched(t *testing.T, m *Machine, c isa.Command) []bool {
	t.Helper()
	clear(m.writer)
	c[isa.CmdPC] = 1
	m.commands, m.rastered = []isa.Command{c}, 0
	if err := m.raster(context.Background()); err != nil {
		t.Fatal(err)
	}
	texels := make([]bool, len(m.writer))
	for i, by := range m.writer {
		texels[i] = by != 0
	}
	return texels
}

// draws are a frame's commands that paint, but for blocks.
func draws(commands []isa.Command) (list []isa.Command) {
	for _, c := range commands {
		if c.Op() != isa.EACH && c.Op() != isa.LOG {
			list = append(list, c)
		}
	}
	return list
}

// TestReachHoldsWhatACommandWrites: all that a command writes is in its reach, and
// all that its reach calls solid is written.
func TestReachHoldsWhatACommandWrites(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, size := range [][2]int{{1, 1}, {7, 5}, {65, 9}, {90, 70}} {
		for _, pixel := range []bool{false, true} {
			for seed := range int32(8) {
				m, err := New(scribble(size[0], size[1], pixel, true, true, false, 12, 1), seed)
				if err != nil {
					t.Fatal(err)
				}
				frame(t, m)
				for _, c := range draws(m.Commands()) {
					texels := touched(t, m, c)
					reach := reachOf(&c, m.header)
					for y := range size[1] {
						y0 := y - r.IntN(TileSize)
						y1 := min(y+1+r.IntN(TileSize), reach.y1)
						y0 = max(y0, reach.y0)
						var b band
						if y >= reach.y0 && y < reach.y1 {
							b = reach.band(y0, y1)
						}
						for x := range size[0] {
							may := x >= b.x0 && x < b.x1 && (x < b.hole0 || x >= b.hole1)
							must := x >= b.solid0 && x < b.solid1
							if wrote := texels[y*size[0]+x]; wrote && !may || must && !wrote {
								t.Fatalf("%v %v: texel %d, %d of rows %d to %d: written %t, may be %t, must be %t",
									c.Op(), c, x, y, y0, y1, wrote, may, must)
							}
						}
					}
				}
			}
		}
	}
}

// TestCommandsWriteTheLayersThatTheySay: on a cell canvas what a command writes of a
// texel is the same whatever was there, and the rest of it stays.
func TestCommandsWriteTheLayersThatTheySay(t *testing.T) {
	parts := map[int]uint32{paperLayer: isa.Word(0, 0, 255, 0), textLayer: isa.Word(255, 255, 0, 0)}
	seen := map[isa.Op]bool{}
	for seed := range int32(4) {
		m, err := New(scribble(30, 20, false, true, true, false, 12, 1), seed)
		if err != nil {
			t.Fatal(err)
		}
		frame(t, m)
		for _, c := range draws(m.Commands()) {
			var painted [2][]uint32
			var texels []bool
			for i, ground := range []uint32{isa.Word(65, 1, 2, 255), isa.Word(90, 3, 4, 255)} {
				for at := range m.display {
					m.display[at] = ground
				}
				texels = touched(t, m, c)
				painted[i] = slices.Clone(m.display)
			}
			for at, wrote := range texels {
				if !wrote {
					continue
				}
				seen[c.Op()] = true
				for layer, bits := range parts {
					same := painted[0][at]&bits == painted[1][at]&bits
					if says := layersOf(c.Op(), false)&layer != 0; same != says {
						t.Fatalf("%v: layer %d of texel %d is written: %t, and it says %t", c.Op(), layer, at, same, says)
					}
				}
			}
		}
	}
	if len(seen) < 9 {
		t.Errorf("only %v were drawn", seen)
	}
}

// TestBinsHoldTheLastWriters: a tile's bin has, the newest first, every command that
// is the last to write a layer of one of its texels, whatever the batches.
func TestBinsHoldTheLastWriters(t *testing.T) {
	var bins Bins
	for _, size := range [][2]int{{1, 1}, {7, 5}, {65, 9}, {600, 20}} {
		for _, pixel := range []bool{false, true} {
			for seed := range int32(8) {
				m, err := New(scribble(size[0], size[1], pixel, true, true, false, 12, 1), seed)
				if err != nil {
					t.Fatal(err)
				}
				frame(t, m)
				commands := draws(m.Commands())
				last := [2]map[int]uint32{{}, {}}
				for i, c := range commands {
					for texel, wrote := range touched(t, m, c) {
						for l := range last {
							if wrote && layersOf(c.Op(), pixel)>>l&1 == 1 {
								last[l][texel] = uint32(i)
							}
						}
					}
				}
				listed := map[[2]uint32]bool{} // tile, command
				bins.Begin(m.header, commands)
				bins.batch = 1 + int(seed)*7
				before := len(commands)
				for next(t, &bins) {
					oldest := before
					for tile := range bins.Across * bins.Down {
						newer := before
						for _, c := range bins.Words[bins.Words[tile]:bins.Words[tile+1]] {
							if int(c) >= newer {
								t.Fatalf("seed %d, tile %d: command %d is not older than %d", seed, tile, c, newer)
							}
							newer = int(c)
							oldest = min(oldest, newer)
							listed[[2]uint32{uint32(tile), c}] = true
						}
					}
					before = oldest
				}
				for l := range last {
					for texel, c := range last[l] {
						x, y := texel%size[0], texel/size[0]
						tile := uint32(y/TileSize*bins.Across + x/TileSize)
						if !listed[[2]uint32{tile, c}] {
							t.Fatalf("seed %d, %v: command %d, %v, wrote texel %d, %d and is not in its bin", seed, size, c, commands[c].Op(), x, y)
						}
					}
				}
			}
		}
	}
}

// overdrawn are commands that draw over each other on a canvas of 1024 × 1024.
func overdrawn(draw func(i int, r *rand.Rand) isa.Command) []isa.Command {
	r := rand.New(rand.NewPCG(1, 1))
	commands := make([]isa.Command, isa.MaxCommands)
	for i := range commands {
		commands[i] = draw(i, r)
	}
	return commands
}

func draw(op isa.Op, args ...int) isa.Command {
	c := newCommand(op, 1, 1)
	c[isa.CmdClipMax] = 1024 | 1024<<16
	for i, v := range args {
		c[isa.CmdA+i] = uint32(int32(v))
	}
	return c
}

// overdraws are frames of the most commands, and how many of them may be listed for
// the tiles together; -1: a benchmark alone.
var overdraws = []struct {
	name string
	most int
	draw func(i int, r *rand.Rand) isa.Command
}{
	{"whole", 1 << 14, func(i int, r *rand.Rand) isa.Command { return draw(isa.RECT, 0, 0, 1024, 1024) }},
	{"all but a column", 1 << 14, func(i int, r *rand.Rand) isa.Command { return draw(isa.RECT, 1, 0, 1024, 1024) }},
	{"all but the edge", 1 << 14, func(i int, r *rand.Rand) isa.Command { return draw(isa.RECT, 1, 1, 1022, 1022) }},
	{"small", 1 << 19, func(i int, r *rand.Rand) isa.Command {
		return draw(isa.RECT, r.IntN(1024), r.IntN(1024), 9, 5)
	}},
	{"discs", 1 << 17, func(i int, r *rand.Rand) isa.Command {
		return draw(isa.CIRC, r.IntN(1024), r.IntN(1024), 300)
	}},
	{"curves", 1 << 22, func(i int, r *rand.Rand) isa.Command {
		ops := []isa.Op{isa.CIRC, isa.RING, isa.LINE, isa.BOX}
		return draw(ops[i%4], r.IntN(2048)-512, r.IntN(2048)-512, r.IntN(512), r.IntN(512))
	}},
	{"lines", -1, func(i int, r *rand.Rand) isa.Command {
		return draw(isa.LINE, r.IntN(1024), r.IntN(1024), r.IntN(1024), r.IntN(1024))
	}},
}

// TestBinsAreBounded: what is listed is what is seen, and not how often it is drawn
// over.
func TestBinsAreBounded(t *testing.T) {
	var bins Bins
	for _, c := range overdraws {
		if c.most < 0 {
			continue
		}
		for _, pixel := range []bool{false, true} {
			bins.Begin(isa.Header{W: 1024, H: 1024, Pixel: pixel}, overdrawn(c.draw))
			listed := 0
			for next(t, &bins) {
				listed += bins.Listed(0, bins.Down)
			}
			if listed > c.most {
				t.Errorf("%s, pixel %t: %d commands are listed", c.name, pixel, listed)
			}
		}
	}
}

func next(t testing.TB, b *Bins) bool {
	t.Helper()
	more, err := b.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return more
}

func BenchmarkBins(b *testing.B) {
	var bins Bins
	for _, c := range overdraws {
		for _, n := range []int{200, isa.MaxCommands} {
			commands := overdrawn(c.draw)[:n]
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				for b.Loop() {
					bins.Begin(isa.Header{W: 1024, H: 1024}, commands)
					for next(b, &bins) {
					}
				}
			})
		}
	}
}
