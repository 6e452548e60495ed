#include "bench.h"

static const uint32_t colors[9] = {0xFF000000, 0xFF440011, 0xFF880022, 0xFFCC0044, 0xFFFF0088,
	0xFFCC44CC, 0xFF4488FF, 0xFF22CCFF, 0xFFFFFFFF};

static void begin(void) {}

/* Products wrap as the machine's do, so they are of unsigned numbers. */
static void frame(uint32_t n) {
	(void)n;
	uint32_t *d = display, *by = writer;
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			uint32_t cr = (uint32_t)(x - 64) * 48, ci = (uint32_t)(y - 32) * 64, zr = 0, zi = 0;
			int turns = 0;
			while (turns < 40 && (int32_t)(zr * zr + zi * zi) < 4194304) {
				uint32_t t = (uint32_t)((int32_t)(zr * zr - zi * zi) >> 10) + cr;
				zi = (uint32_t)((int32_t)(2 * zr * zi) >> 10) + ci;
				zr = t;
				turns++;
			}
			d[y * W + x] = colors[turns * 8 / 40];
			by[y * W + x] = 1;
		}
}
