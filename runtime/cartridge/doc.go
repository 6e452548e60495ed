// Package cartridge reads, writes and verifies cartridges: PNG pictures that any
// viewer opens, with a whole machine, its source text and its metadata in
// private chunks.
//
// The picture is the human texture. What rides along, in this order between
// IDAT and IEND:
//
//	gvMD  metadata: one JSON object, UTF-8
//	gvTX  source text, zlib
//	gvFL  the files that the source includes, if any: one JSON object, zlib
//	gvMA  machine pages: program, display, writer, data, state, zlib (kind pixel)
//	gvCK  SHA-256 over everything else, 32 bytes
//
// The names follow the PNG specification (third edition, section 5.4): ancillary,
// private, and unsafe to copy, because they belong to this very picture.
//
// A file is data from anywhere. Nothing in it is believed before it is checked,
// no size in it is allocated before it is bounded, and a file that has been cut or
// altered is refused with an [Error] that says what is wrong. Ancillary chunks that
// other programs have added are passed over, with a [Cartridge.Remark].
// Start reading at [Read] and [Cartridge.Write].
package cartridge
