package benchmark

// spec is a row before it is measured.
type spec struct {
	name    string
	about   string // for a person
	unit    unit
	toReach float64
	measure func(*bencher, spec) (measured, error)
}

// group is rows that stand together.
type group struct {
	title string
	specs []spec
}

// The units.
var (
	texels       = unit{name: "Mtexel/s", size: 1e6}
	instructions = unit{name: "Minstr/s", size: 1e6}
	milliseconds = unit{name: "ms", less: true, size: 1e-3}
	runs         = unit{name: "k runs/s", size: 1e3}
	ofACore      = unit{name: "% of a core", less: true, size: 1 / 60. / 100} // at 60 frames a second
)

// groups are the rows, in the order of the table. What each is to reach is against its
// yardstick where it has one. All are of processor time: a second is one that one core
// was busy, and what runs on all cores counts what each of them did.
var groups = []group{
	{"Blocks of EACH", []spec{
		{"plasma", "a formula, 240 × 136", texels, 0.8, blocks("plasma", 240, 136)},
		{"plasma_1024", "a formula, 1024 × 1024", texels, 0.8, blocks("plasma", 1024, 1024)},
		{"mandel", "a loop, 96 × 64", texels, 0.8, blocks("mandel", 96, 64)},
		{"mandel_1024", "a loop, 1024 × 1024", texels, 0.7, blocks("mandel", 1024, 1024)},
		{"life_1024", "nine texels read, 1024 × 1024", texels, 0.9, blocks("life", 1024, 1024)},
	}},
	{"Core", []spec{
		{"core", "instructions that draw nothing", instructions, 0.6, (*bencher).core},
		{"hello", "two statements, source to picture", milliseconds, 0.2, (*bencher).hello},
	}},
	{"Drawing, 1024 × 1024", []spec{
		{"raster_10", "10 rectangles of 500 × 450", milliseconds, 1 / 1.5, rects(10, 500, 450)},
		{"raster_1000", "1000 rectangles of 50 × 45", milliseconds, 1 / 1.5, rects(1000, 50, 45)},
		{"raster_50000", "50 000 rectangles of 9 × 5", milliseconds, 1 / 1.5, rects(50000, 9, 5)},
		{"raster_edge_free", "65 536 that all but cover it, cells", milliseconds, 50, (*bencher).edgeFree},
	}},
	{"A view of 700 × 500", []spec{
		{"present_nearest", "2 pixels a texel", milliseconds, 0.6, present(2)},
		{"present_two_tap", "1.37 pixels a texel", milliseconds, 1.6, present(1.37)},
		{"present_general", "0.91 pixels a texel", milliseconds, 1.6, present(0.9114583)},
	}},
	{"Many small programs, all cores", []spec{
		{"batch", "18 rectangles, 64 × 64, scored", runs, 150, batch(drawings)},
		{"batch_each", "a formula, 64 × 64, scored", runs, 150, batch(formulas)},
	}},
	{"The examples, 1024 × 576", []spec{
		{"example_plasma", "four waves added", texels, 8 * 14, example("plasma")},
		{"example_life", "nine texels read", texels, 8 * 5.5, example("life")},
		{"example_fire", "four texels read", texels, 8 * 6.9, example("fire")},
		{"example_julia", "a loop", texels, 8 * 7.1, example("julia")},
		{"raymarch", "99 steps a texel, 160 × 100", milliseconds, 707. / 15, frames("raymarch")},
		{"voronoi", "34 points a texel, 160 × 160", milliseconds, 407. / 15, frames("voronoi")},
	}},
	{"The window", []spec{
		{"keystroke_ms", "a key in a block, to the first picture", milliseconds, 1000. / 60, (*bencher).keystroke},
		{"compile_ms", "… to the first compiled frame", milliseconds, 100, (*bencher).compile},
		{"window_cpu", "a shader at 60 frames a second", ofACore, 65, (*bencher).window},
	}},
	{"On the GPU, 1024 × 1024", []spec{
		{"gpu_plasma_1024", "a formula", texels, 0.8, kernels("plasma")},
		{"gpu_mandel_1024", "a loop", texels, 0.8, kernels("mandel")},
		{"gpu_batch", "many small programs", unit{name: "M runs/s", size: 1e6}, 10, (*bencher).gpuBatch},
	}},
}
