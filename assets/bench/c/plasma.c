#include "bench.h"

static const uint32_t colors[4] = {0xFF000000, 0xFFFF6633, 0xFF3366FF, 0xFFFFFFFF};

static void begin(void) {}

static void frame(uint32_t n) {
	uint32_t *d = display, *by = writer;
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			int32_t c = ((x * x + y * y) >> 4) + (x ^ y) + 3 * (int32_t)n;
			d[y * W + x] = colors[c & 3];
			by[y * W + x] = 1;
		}
}
