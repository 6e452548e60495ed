#include "bench.h"

static uint32_t lastX, lastY;

static void begin(void) {}

/* A frame is at least number[0] instructions of the machine: seven a turn and one
   more where the condition holds. How many they were is the third word. */
static void frame(uint32_t n) {
	(void)n;
	uint32_t x = lastX, y = lastY, count = 0, enough = number[0];
	while (count < enough) {
		x = x * 3 + 1;
		y = (uint32_t)((int32_t)x >> 7) ^ y;
		count += 7;
		if ((int32_t)y > (int32_t)x) {
			y -= x;
			count++;
		}
	}
	lastX = display[0] = x;
	lastY = display[1] = y;
	display[2] = count;
}
