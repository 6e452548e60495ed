package compiled

import (
	"hash/maphash"
	"slices"
	"unsafe"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// limits bound what a Compiler keeps. What was used last stays longest.
type limits struct {
	codes int
	bytes int // of modules and the memory of their instances
	pages int // bytes of the programs of known blocks
}

// key names code: equal keys, equal modules.
type key struct {
	hash          [32]byte
	w, h          int
	pixel         bool
	data, program int // words of the pages
}

func keyOf(k *kernel.Kernel, h isa.Header, p isa.Program) key {
	return key{k.Hash, k.W, k.H, k.Pixel, h.DataWords, len(p)}
}

// knownBlocks are the blocks of the programs that machines have, or had: what is known of
// one is not found out again for the next machine.
type knownBlocks struct {
	seed   maphash.Seed
	places map[uint64][]*block // by a hash of the program and the EACH
	bytes  int
}

func newKnownBlocks() knownBlocks {
	return knownBlocks{seed: maphash.MakeSeed(), places: map[uint64][]*block{}}
}

func (k *knownBlocks) hash(at place) uint64 {
	return maphash.Bytes(k.seed, bytesOf(at.program)) ^ uint64(at.each)
}

// bytesOf is the memory of words.
func bytesOf(words []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(words))
}

// blockBytes is what a block takes beside its program, about.
const blockBytes = 256

// block gives the block of a place, with a copy of the program. With too many of them,
// all others are forgotten; who has one keeps it.
func (c *Compiler) block(at place) *block {
	hash := c.known.hash(at)
	c.mu.Lock()
	defer c.mu.Unlock()
	k := &c.known
	for _, b := range k.places[hash] {
		if b.place.each == at.each && slices.Equal(b.place.program, at.program) {
			return b
		}
	}
	bytes := 4*len(at.program) + blockBytes
	if k.bytes += bytes; k.bytes > c.most.pages {
		k.bytes = bytes
		clear(k.places)
	}
	b := &block{compiler: c, place: place{slices.Clone(at.program), at.each}}
	k.places[hash] = append(k.places[hash], b)
	return b
}

// account adds bytes that a code holds, and drops codes that were not used for
// longest while there is too much. The lock is held.
func (c *Compiler) account(of *code, bytes int) {
	of.bytes += bytes
	c.bytes += bytes
	for c.bytes > c.most.bytes || len(c.codes) > c.most.codes {
		var oldest *code
		for _, other := range c.codes {
			if other != of && (oldest == nil || other.used.Load() < oldest.used.Load()) {
				oldest = other
			}
		}
		if oldest == nil {
			return
		}
		c.drop(oldest)
	}
}

// drop gives code up. Instances that run are closed by who runs them. The lock is
// held.
func (c *Compiler) drop(old *code) {
	delete(c.codes, old.key)
	c.bytes -= old.bytes
	old.bytes = 0
	old.dropped.Store(true)
	old.close()
}
