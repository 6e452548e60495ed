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

// knownBlocks is what became of blocks of programs that were compiled: their code, as
// long as it is kept, or that there can be none.
type knownBlocks struct {
	seed   maphash.Seed
	places map[uint64][]knownBlock // by a hash of the program and the EACH
	bytes  int
}

type knownBlock struct {
	place place
	code  *code
	err   error
}

func (k *knownBlocks) hash(at place) uint64 {
	if k.places == nil {
		k.places, k.seed = map[uint64][]knownBlock{}, maphash.MakeSeed()
	}
	var h maphash.Hash
	h.SetSeed(k.seed)
	h.Write(bytesOf(at.program))
	return h.Sum64() ^ uint64(at.each)
}

// bytesOf is the memory of words.
func bytesOf(words []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(words))
}

func (k *knownBlocks) find(at place) *knownBlock {
	same := k.places[k.hash(at)]
	for i := range same {
		if b := &same[i]; b.place.each == at.each && slices.Equal(b.place.program, at.program) {
			return b
		}
	}
	return nil
}

// add remembers a block; with too many of them, all others are forgotten.
func (k *knownBlocks) add(at place, code *code, err error, most int) {
	hash := k.hash(at)
	if b := k.find(at); b != nil {
		b.code, b.err = code, err
		return
	}
	if k.bytes += 4 * len(at.program); k.bytes > most {
		k.bytes = 4 * len(at.program)
		clear(k.places)
	}
	k.places[hash] = append(k.places[hash], knownBlock{at, code, err})
}

// find gives the code of a block, if it is kept, and why there can be none.
func (c *Compiler) find(at place) (*code, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.known.find(at)
	if b == nil {
		return nil, nil
	}
	if b.code == nil {
		return nil, b.err
	}
	if err := b.code.failed(); err != nil || b.code.dropped.Load() {
		return nil, err
	}
	return b.code, nil
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
