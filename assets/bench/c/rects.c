#include "bench.h"

static uint32_t state;

static void begin(void) { state = 1; } /* the seed of a program that is given none */

/* The machine's rnd(n), of n > 0. */
static uint32_t rnd(uint32_t n) {
	state = state * 747796405u + 2891336453u;
	uint32_t word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737u;
	return ((word >> 22) ^ word) % n;
}

/* number is how many, how wide and how high. */
static void frame(uint32_t n) {
	(void)n;
	uint32_t *d = display, *by = writer;
	int wide = (int)number[1], high = (int)number[2];
	for (uint32_t i = 1; i <= number[0]; i++) {
		int x = (int)rnd((uint32_t)W), y = (int)rnd((uint32_t)H);
		int right = x + wide < W ? x + wide : W, below = y + high < H ? y + high : H;
		uint32_t color = (i >> 16 & 0xFF) | (i & 0xFF00) | (i & 0xFF) << 16 | 0xFF000000u;
		for (int v = y; v < below; v++)
			for (int u = x; u < right; u++) {
				d[v * W + u] = color;
				by[v * W + u] = 1;
			}
	}
}
