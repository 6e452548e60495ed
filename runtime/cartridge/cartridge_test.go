package cartridge

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

const night = "SET x = 7\nRECT 2 2 20 6 red\nTXT 3 3 hello {x}\nHALT\n"

// sample is a cartridge of a program that has run.
func sample(t testing.TB) *Cartridge {
	t.Helper()
	ctx := context.Background()
	e := engine.NewCPU()
	defer e.Close()
	a := pxl.Assemble("night", night)
	must(t, e.Load(ctx, a.Program, 1))
	_, err := e.Frame(ctx, machine.Input{}, 0)
	must(t, err)
	snap, err := e.Snapshot(ctx)
	must(t, err)
	img, err := e.Human(ctx)
	must(t, err)
	return &Cartridge{
		Metadata: Metadata{Kind: Pixel, Name: "night", Author: "us", Tags: []string{"a", "<b>"}, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Seed: 1, Engine: "1"},
		Source:   night, Machine: snap, Picture: img,
	}
}

func encode(t testing.TB, c *Cartridge) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, c.Write(&b))
	return b.Bytes()
}

func TestACartridgeComesBackWhole(t *testing.T) {
	c := sample(t)
	b := encode(t, c)
	got, err := Read(bytes.NewReader(b))
	must(t, err)
	if got.Source != c.Source || got.Name != "night" || got.Tags[1] != "<b>" || !got.CreatedAt.Equal(c.CreatedAt.Truncate(time.Second)) {
		t.Errorf("%+v", got.Metadata)
	}
	if !bytes.Equal(pages(got.Machine), pages(c.Machine)) {
		t.Error("the machine came back different")
	}
	if !bytes.Equal(got.Picture.Pix, c.Picture.Pix) {
		t.Error("the picture came back different")
	}
	if a, _ := c.Checksum(); a == "" || a != sumOf(t, got) {
		t.Error("the checksum came back different")
	}
}

func sumOf(t testing.TB, c *Cartridge) string {
	s, err := c.Checksum()
	must(t, err)
	return s
}

func TestOpenedSavedAndOpenedAgainIsByteIdentical(t *testing.T) {
	b := encode(t, sample(t))
	c, err := Read(bytes.NewReader(b))
	must(t, err)
	if !bytes.Equal(encode(t, c), b) {
		t.Fatal("not the same bytes")
	}
	c.encoded = nil // and without the help of the bytes it was read from
	if !bytes.Equal(encode(t, c), b) {
		t.Error("the encoding is not deterministic")
	}
}

func TestAChangedCartridgeIsWrittenAnew(t *testing.T) {
	b := encode(t, sample(t))
	c, err := Read(bytes.NewReader(b))
	must(t, err)
	c.Name = "other"
	d, err := Read(bytes.NewReader(encode(t, c)))
	must(t, err)
	if d.Name != "other" || sumOf(t, d) == sumOf(t, sample(t)) {
		t.Error("the change was lost")
	}
}

func TestAnyViewerOpensTheCartridge(t *testing.T) {
	c := sample(t)
	img, err := png.Decode(bytes.NewReader(encode(t, c)))
	must(t, err)
	if img.Bounds() != c.Picture.Bounds() {
		t.Error(img.Bounds())
	}
}

func TestAnyCutIsRefused(t *testing.T) {
	b := encode(t, sample(t))
	for n := 0; n < len(b); n += 1 + n/64 {
		if _, err := Read(bytes.NewReader(b[:n])); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotCartridge) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestAnyFlippedBitIsRefused(t *testing.T) {
	b := encode(t, sample(t))
	for i := range b {
		c := append([]byte(nil), b...)
		c[i] ^= 1 << (i % 8)
		if _, err := Read(bytes.NewReader(c)); err == nil {
			t.Fatalf("bit %d of byte %d flipped, and nobody noticed", i%8, i)
		}
	}
}

// rewrite replaces a chunk's data and mends its CRC, as a forger would.
func rewrite(t *testing.T, b []byte, name string, edit func([]byte) []byte) []byte {
	t.Helper()
	at := bytes.Index(b, []byte(name))
	n := int(binary.BigEndian.Uint32(b[at-4:]))
	data := edit(append([]byte(nil), b[at+4:at+4+n]...))
	var out bytes.Buffer
	out.Write(b[:at-4])
	putChunk(&out, name, data)
	out.Write(b[at+8+n:])
	return out.Bytes()
}

func TestForgeriesAreRefused(t *testing.T) {
	good := encode(t, sample(t))
	same := func(b []byte) []byte { return b }
	if _, err := Read(bytes.NewReader(rewrite(t, good, chunkMeta, same))); err != nil {
		t.Fatalf("rewriting nothing already breaks it: %v", err)
	}
	extra := func(name string) []byte {
		var out bytes.Buffer
		at := bytes.Index(good, []byte("IEND")) - 4
		out.Write(good[:at])
		putChunk(&out, name, []byte("x"))
		out.Write(good[at:])
		return out.Bytes()
	}
	cases := map[string]struct {
		b    []byte
		kind error
		says string
	}{
		"metadata":         {rewrite(t, good, chunkMeta, func(b []byte) []byte { return bytes.Replace(b, []byte("night"), []byte("night2"), 1) }), ErrDamaged, "checksum"},
		"kind":             {rewrite(t, good, chunkMeta, func(b []byte) []byte { return bytes.Replace(b, []byte("pixel\""), []byte("trojan\""), 1) }), ErrNotCartridge, "trojan"},
		"source":           {rewrite(t, good, chunkSource, func([]byte) []byte { return deflate([]byte("HALT")) }), ErrDamaged, "checksum"},
		"machine":          {rewrite(t, good, chunkMachine, func([]byte) []byte { return deflate([]byte{1, 2, 3}) }), ErrDamaged, "program"},
		"page count":       {rewrite(t, good, chunkMachine, func([]byte) []byte { return deflate([]byte{255, 255, 255, 255}) }), ErrDamaged, "words"},
		"bomb":             {rewrite(t, good, chunkSource, func([]byte) []byte { return deflate(make([]byte, MaxSource+1)) }), ErrTooLarge, "unpacks"},
		"giant picture":    {rewrite(t, good, "IHDR", func(b []byte) []byte { binary.BigEndian.PutUint32(b, 1<<30); return b }), ErrTooLarge, "side"},
		"other dimensions": {rewrite(t, good, "IHDR", func(b []byte) []byte { binary.BigEndian.PutUint32(b, 700); return b }), ErrDamaged, "human texture"},
		"16 bit":           {rewrite(t, good, "IHDR", func(b []byte) []byte { b[8] = 16; return b }), ErrNotCartridge, "RGB"},
		"critical chunk":   {extra("TEXt"), ErrNotCartridge, "TEXt"},
		"chunk of no name": {extra("t3Xt"), ErrNotCartridge, "t3Xt"},
		"lost source":      {without(good, chunkSource), ErrNotCartridge, "saved it again has dropped it"},
		"lost machine":     {without(good, chunkMachine), ErrNotCartridge, "saved it again has dropped it"},
		"pixels in two":    {pixelsInTwo(good), ErrDamaged, "out of place"},
		"second metadata":  {extra(chunkMeta), ErrDamaged, "second"},
		"late pixels":      {extra("IDAT"), ErrDamaged, "out of place"},
		"tail":             {append(append([]byte(nil), good...), 0), ErrDamaged, "follow"},
		"no PNG":           {[]byte("GIF89a"), ErrNotCartridge, "PNG"},
		"empty":            {nil, ErrNotCartridge, "PNG"},
	}
	for name, c := range cases {
		_, err := Read(bytes.NewReader(c.b))
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v with %q", name, err, c.kind, c.says)
		}
	}
}

// each calls do with every chunk of a file: its name, its data, and all of it.
func each(b []byte, do func(name string, data, whole []byte)) {
	for at := 8; at < len(b); {
		n := int(binary.BigEndian.Uint32(b[at:]))
		do(string(b[at+4:at+8]), b[at+8:at+8+n], b[at:at+12+n])
		at += 12 + n
	}
}

// without is a file without a chunk.
func without(b []byte, drop string) []byte {
	out := bytes.Clone(b[:8])
	each(b, func(name string, _, whole []byte) {
		if name != drop {
			out = append(out, whole...)
		}
	})
	return out
}

// pixelsInTwo parts the picture's data by another chunk, which PNG forbids.
func pixelsInTwo(b []byte) []byte {
	var out bytes.Buffer
	out.Write(b[:8])
	each(b, func(name string, data, whole []byte) {
		if name != "IDAT" {
			out.Write(whole)
			return
		}
		putChunk(&out, "IDAT", data[:len(data)/2])
		putChunk(&out, "tEXt", []byte("Comment\x00hello"))
		putChunk(&out, "IDAT", data[len(data)/2:])
	})
	return out.Bytes()
}

// Programs that save a picture again add what they like, and move what they do not
// know: PNG allows both, and nothing of the cartridge is lost.
func TestACartridgeThatGainedChunksIsWhole(t *testing.T) {
	good := encode(t, sample(t))
	added := map[string][]byte{
		"tEXt": []byte("Software\x00a painter"), "pHYs": {0, 0, 11, 19, 0, 0, 11, 19, 1}, "gAMA": {0, 0, 177, 143}, "tIME": {7, 234, 11, 27, 9, 0, 0}, "zzZz": nil,
	}
	for _, after := range []string{"IHDR", "IDAT", chunkMeta, chunkSum} {
		for name, data := range added {
			var out bytes.Buffer
			out.Write(good[:8])
			each(good, func(at string, _, whole []byte) {
				out.Write(whole)
				if at == after {
					putChunk(&out, name, data)
					putChunk(&out, name, data)
				}
			})
			c, err := Read(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Errorf("%s after %s: %v", name, after, err)
				continue
			}
			if c.Remark() != "a program that saved it again has added "+name || sumOf(t, c) != sumOf(t, sample(t)) {
				t.Errorf("%s after %s: %q, %s", name, after, c.Remark(), sumOf(t, c))
			}
			if !bytes.Equal(encode(t, c), out.Bytes()) {
				t.Errorf("%s after %s: it is not written as it was read", name, after)
			}
		}
	}
	moved := bytes.Clone(good[:8+25]) // signature and header
	var pixels []byte
	each(good, func(name string, _, whole []byte) {
		switch name {
		case "IHDR":
		case "IDAT":
			pixels = append(pixels, whole...)
		case "IEND":
			moved = append(append(moved, pixels...), whole...)
		default:
			moved = append(moved, whole...)
		}
	})
	if c, err := Read(bytes.NewReader(moved)); err != nil || c.Remark() != "" || sumOf(t, c) != sumOf(t, sample(t)) {
		t.Errorf("its chunks before the picture: %v", err)
	}
}

func TestAPlainPictureIsNoCartridge(t *testing.T) {
	c := sample(t)
	palette := image.NewPaletted(c.Picture.Rect, color.Palette{color.Black, color.White})
	for name, img := range map[string]image.Image{"the same": c.Picture, "fewer colours": palette, "more bits": image.NewRGBA64(c.Picture.Rect)} {
		var b bytes.Buffer
		must(t, png.Encode(&b, img))
		if _, err := Read(&b); !errors.Is(err, ErrNotCartridge) || !strings.Contains(err.Error(), "a program that saved it again has dropped the program in it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFileBeyondTheLimitIsRefusedWithoutReadingItAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.png")
	f, err := os.Create(path)
	must(t, err)
	must(t, f.Truncate(1<<40))
	f.Close()
	if _, err := Open(path); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestTextCartridgesHaveNoMachine(t *testing.T) {
	c := sample(t)
	c.Kind = Prompt
	if err := c.Write(&bytes.Buffer{}); err == nil {
		t.Error("a prompt with a machine was written")
	}
	c.Machine = nil
	if _, err := Read(bytes.NewReader(encode(t, c))); err != nil {
		t.Error(err)
	}
	c.Kind = "trojan"
	if err := c.Write(&bytes.Buffer{}); err == nil {
		t.Error("an unknown kind was written")
	}
}

// FuzzRead holds any file to be refused or to come back as it was read.
func FuzzRead(f *testing.F) {
	good := encode(f, sample(f))
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		// Mend the CRCs, or the fuzzer never gets past them.
		for at := 8; at+12 <= len(b); {
			n := int(binary.BigEndian.Uint32(b[at:]))
			if n < 0 || n > len(b)-at-12 {
				break
			}
			binary.BigEndian.PutUint32(b[at+8+n:], crc32.ChecksumIEEE(b[at+4:at+8+n]))
			at += 12 + n
		}
		c, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if !bytes.Equal(encode(t, c), b) {
			t.Error("it came back different")
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestIncludedFilesComeBack(t *testing.T) {
	plain := sumOf(t, sample(t))
	c := sample(t)
	c.Files, c.Links = map[string]string{"lib/a.pxl": "NOP\n", "b.pxl": ""}, map[string]string{"c.pxl": "b.pxl"}
	b := encode(t, c)
	got, err := Read(bytes.NewReader(b))
	must(t, err)
	if !maps.Equal(got.Files, c.Files) || !maps.Equal(got.Links, c.Links) || sumOf(t, got) != sumOf(t, c) || sumOf(t, c) == plain {
		t.Errorf("%v %v", got.Files, got.Links)
	}
	for name, forged := range map[string][]byte{
		"changed": rewrite(t, b, chunkFiles, func([]byte) []byte { return deflate([]byte(`{"files":{"b.pxl":"HALT"}}`)) }),
		"cut off": without(b, chunkFiles),
		"no JSON": rewrite(t, b, chunkFiles, func([]byte) []byte { return deflate([]byte("x")) }),
		"a bomb":  rewrite(t, b, chunkFiles, func([]byte) []byte { return deflate(make([]byte, MaxFiles+1)) }),
		"no text": rewrite(t, b, chunkFiles, func([]byte) []byte { return deflate([]byte("{\"files\":{\"\xff\":\"\"}}")) }),
	} {
		if _, err := Read(bytes.NewReader(forged)); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Files["b.pxl"] = strings.Repeat("x", MaxFiles)
	if err := c.Write(io.Discard); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}
