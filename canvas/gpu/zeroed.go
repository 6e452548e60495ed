package gpu

/*
#include <stdlib.h>

// A compiler may leave out what is written before free, but nothing that is volatile.
static void zero_next(size_t n) {
	void *held[16];
	for (int i = 0; i < 16; i++) {
		held[i] = malloc(n);
		for (size_t k = 0; held[i] && k < n; k++) {
			((volatile char *)held[i])[k] = 0;
		}
	}
	for (int i = 0; i < 16; i++) {
		free(held[i]);
	}
}
*/
import "C"

// instanceExtras is the size of the WGPUInstanceExtras of the binding.
const instanceExtras = 48

// zeroNext has the next C allocation of n bytes on this thread be zero but for its first
// 16 bytes, as far as a program can: an allocator gives first what was freed last.
//
// wgpu.CreateInstance fills in the chain, the backends and the compiler of its extras,
// and leaves the version of GLES as malloc gave it. wgpu-native ends the process over a
// number there that it does not know.
func zeroNext(n int) { C.zero_next(C.size_t(n)) }
