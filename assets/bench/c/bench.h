/* What the programs of this folder share. Each is run as

	program WIDTH HEIGHT [NUMBER…]

and paints the picture that the program of the same name in PXL paints, into a
display page and a writer page as the machine has them. It reads orders, a line
each, and answers each with a line:

	run N    paints N more frames; the answer is the processor time and the wall
	         time that they took, in nanoseconds
	hash     the answer is the FNV-1a hash of the display page's words
*/
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int W, H;
static uint32_t *display, *writer;
static uint32_t number[8]; /* the arguments after the size */

static void begin(void);                /* once, before the first frame */
static void frame(uint32_t n);          /* paints frame n, from 0 */

static long long now(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
	if (argc < 3)
		return 2;
	W = atoi(argv[1]);
	H = atoi(argv[2]);
	for (int i = 3; i < argc && i < 11; i++)
		number[i - 3] = (uint32_t)strtoul(argv[i], NULL, 10);
	display = calloc((size_t)W * H, sizeof *display);
	writer = calloc((size_t)W * H, sizeof *writer);
	if (!display || !writer)
		return 1;
	begin();
	char line[64];
	for (uint32_t frames = 0; fgets(line, sizeof line, stdin);) {
		unsigned n;
		if (sscanf(line, "run %u", &n) == 1) {
			long long cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
			for (unsigned i = 0; i < n; i++)
				frame(frames++);
			printf("%lld %lld\n", now(CLOCK_PROCESS_CPUTIME_ID) - cpu, now(CLOCK_MONOTONIC) - wall);
		} else {
			uint64_t hash = 14695981039346656037u;
			for (size_t i = 0; i < (size_t)W * H; i++)
				hash = (hash ^ display[i]) * 1099511628211u;
			printf("%llu\n", (unsigned long long)hash);
		}
		fflush(stdout);
	}
	return 0;
}
