package film

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"testing"
)

// readAPNG is what a viewer shows of an APNG, image by image. It checks what viewers rely
// on: sums, the numbers of chunks, and the count of images.
func readAPNG(t *testing.T, b []byte) (all []*image.RGBA) {
	t.Helper()
	if _, err := png.Decode(bytes.NewReader(b)); err != nil {
		t.Fatalf("it is no PNG: %v", err)
	}
	var head, control, data []byte
	var next, count uint32
	var canvas *image.RGBA
	show := func() {
		if control == nil {
			return
		}
		w, h := binary.BigEndian.Uint32(control[4:]), binary.BigEndian.Uint32(control[8:])
		x, y := binary.BigEndian.Uint32(control[12:]), binary.BigEndian.Uint32(control[16:])
		own := bytes.Clone(head)
		binary.BigEndian.PutUint32(own, w)
		binary.BigEndian.PutUint32(own[4:], h)
		one := appendChunk(bytes.Clone(b[:8]), "IHDR", own)
		one = appendChunk(appendChunk(one, "IDAT", data), "IEND", nil)
		img, err := png.Decode(bytes.NewReader(one))
		if err != nil {
			t.Fatalf("image %d: %v", len(all), err)
		}
		draw.Draw(canvas, image.Rect(int(x), int(y), int(x+w), int(y+h)), img, img.Bounds().Min, draw.Src)
		all = append(all, &image.RGBA{Pix: bytes.Clone(canvas.Pix), Stride: canvas.Stride, Rect: canvas.Rect})
		data = nil
	}
	numbered := func(body []byte) {
		if n := binary.BigEndian.Uint32(body); n != next {
			t.Fatalf("chunk %d comes where %d should", n, next)
		}
		next++
	}
	for at := 8; at < len(b); {
		n := int(binary.BigEndian.Uint32(b[at:]))
		name, body := string(b[at+4:at+8]), b[at+8:at+8+n]
		if crc32.ChecksumIEEE(b[at+4:at+8+n]) != binary.BigEndian.Uint32(b[at+8+n:]) {
			t.Fatalf("the sum of %s is wrong", name)
		}
		at += 12 + n
		switch name {
		case "IHDR":
			head = body
			canvas = image.NewRGBA(image.Rect(0, 0, int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))))
		case "acTL":
			count = binary.BigEndian.Uint32(body)
		case "fcTL":
			show()
			numbered(body)
			control = body
		case "IDAT":
			data = append(data, body...)
		case "fdAT":
			numbered(body)
			data = append(data, body[4:]...)
		}
	}
	show()
	if int(count) != len(all) {
		t.Fatalf("it says %d images and has %d", count, len(all))
	}
	return all
}
