#include "bench.h"

#define WHITE 0xFFFFFFFFu
#define BLACK 0xFF000000u

static uint32_t *before;

static void begin(void) {
	before = calloc((size_t)W * H, sizeof *before);
	if (!before)
		exit(1);
}

static void seed(void) {
	for (uint32_t i = 0; i < (uint32_t)(W * H); i++)
		display[i] = i * 0x9E3779B1u >> 29 ? BLACK : WHITE;
}

/* The pages change places where the machine copies one: C at its best. */
static void frame(uint32_t n) {
	if (n == 0) {
		seed();
		return;
	}
	uint32_t *was = display, *d = before, *by = writer;
	display = d;
	before = was;
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			int around = 0;
			for (int dy = -1; dy <= 1; dy++)
				for (int dx = -1; dx <= 1; dx++)
					if ((dx || dy) && (was[(y + dy + H) % H * W + (x + dx + W) % W] & 0xFFFFFF))
						around++;
			int alive = (was[y * W + x] & 0xFFFFFF) != 0;
			int on = around == 3 || (alive && around == 2);
			d[y * W + x] = on ? WHITE : BLACK;
			by[y * W + x] = on ? 1 : 2;
		}
}
