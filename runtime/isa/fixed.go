package isa

import "math/bits"

// mulShift is the 64-bit product of a and b, shifted right by s & 63 keeping its
// sign, of which the low 32 bits are left.
func mulShift(a, b, s int32) int32 {
	return int32(int64(a) * int64(b) >> (uint32(s) & 63))
}

// divShift is a·2^(s & 31) divided by b toward zero, in 64 bits, of which the low
// 32 are left; b is not 0.
func divShift(a, b, s int32) int32 {
	return int32(int64(a) << (uint32(s) & 31) / int64(b))
}

// Hash mixes the bits of n as PCG's output function does.
func Hash(n int32) int32 {
	w := uint32(n)*747796405 + 2891336453
	w = (w>>(w>>28+4) ^ w) * 277803737
	return int32(w>>22 ^ w)
}

// magnitude is |v|, and 2³¹ - 1 of -2³¹.
func magnitude(v int32) uint32 {
	if v < 0 {
		return min(-uint32(v), 1<<31-1)
	}
	return uint32(v)
}

// scaled are the magnitudes of x and y, shifted right together k times until both
// are at most 32767, so that their squares can be added in 32 bits.
func scaled(x, y int32) (mx, my uint32, k int) {
	mx, my = magnitude(x), magnitude(y)
	k = max(0, bits.Len32(max(mx, my))-15)
	return mx >> k, my >> k, k
}

// Atan2 is the angle of (x, y) in 1024ths of a turn, 0…1023; 0 for (0, 0).
func Atan2(y, x int32) int32 {
	mx, my, _ := scaled(x, y)
	most := max(mx, my)
	if most == 0 {
		return 0
	}
	angle := int32(AtanTable[(min(mx, my)*1024+most/2)/most])
	if my > mx {
		angle = 256 - angle
	}
	if x < 0 {
		angle = 512 - angle
	}
	if y < 0 {
		angle = (1024 - angle) & 1023
	}
	return angle
}

// Hypot is about the length of (x, y): exact where both are within ±32767, else
// with as many bits left out as they have above that; at most 2³¹ - 1.
func Hypot(x, y int32) int32 {
	mx, my, k := scaled(x, y)
	root := uint64(Sqrt(int32(mx*mx+my*my))) << k
	return int32(min(root, 1<<31-1))
}

// Noise is value noise, 0…255, whose lattice has a step of 256.
func Noise(x, y int32) int32 {
	i, j := x>>8, y>>8
	u, v := smooth(x&255), smooth(y&255)
	at := func(i, j int32) int32 { return Hash(i+Hash(j)) & 255 }
	lerp := func(a, b, t int32) int32 { return a + (b-a)*t>>8 }
	top := lerp(at(i, j), at(i+1, j), u)
	bottom := lerp(at(i, j+1), at(i+1, j+1), u)
	return lerp(top, bottom, v)
}

// smooth eases t, 0…255, in and out.
func smooth(t int32) int32 { return t * t * (768 - 2*t) >> 16 }

func channel(v int32) int32 { return max(0, min(255, v)) }

func packRGB(r, g, b int32) int32 { return r<<16 | g<<8 | b }

// RGB is the colour of three channels, each held within 0…255.
func RGB(r, g, b int32) int32 { return packRGB(channel(r), channel(g), channel(b)) }

// HSV is the colour of a hue in 1024ths of a turn, and of a saturation and a
// brightness that are held within 0…255.
func HSV(h, s, v int32) int32 {
	s, v = channel(s), channel(v)
	t := h & 1023 * 6
	f := t & 1023
	p := v * (255 - s) / 255
	q := v * (261120 - s*f) / 261120
	r := v * (261120 - s*(1024-f)) / 261120
	switch t >> 10 {
	case 0:
		return packRGB(v, r, p)
	case 1:
		return packRGB(q, v, p)
	case 2:
		return packRGB(p, v, r)
	case 3:
		return packRGB(p, q, v)
	case 4:
		return packRGB(r, p, v)
	}
	return packRGB(v, p, q)
}

// Mix is a colour on the way from c to d: t, held within 0…256, is how far.
func Mix(c, d, t int32) int32 {
	t = max(0, min(256, t))
	part := func(shift uint) int32 { return (c>>shift&255*(256-t) + d>>shift&255*t) >> 8 }
	return packRGB(part(16), part(8), part(0))
}
