package picture

import (
	"slices"

	"gvpie/runtime/pxl/syntax"
)

// palette gives the picture's colours if a palette holds them, in the order in which
// they come; else as many as it holds, by median cut, the darkest first.
func (p *pixels) palette() []rgb {
	count := map[rgb]int{}
	var colors []rgb
	for i, c := range p.texels {
		if !p.opaque[i] {
			continue
		}
		if count[c]++; count[c] == 1 {
			colors = append(colors, c)
		}
	}
	if len(colors) == 0 {
		return []rgb{{}}
	}
	if len(colors) <= syntax.MaxPalette {
		return colors
	}
	boxes := [][]rgb{colors}
	for len(boxes) < syntax.MaxPalette {
		// The box with the most to say is cut: its longest side, times its texels.
		at, axis, most := -1, 0, 0
		for i, box := range boxes {
			texels := 0
			for _, c := range box {
				texels += count[c]
			}
			if a, length := longest(box); length*texels > most {
				at, axis, most = i, a, length*texels
			}
		}
		if at < 0 {
			break
		}
		low, high := cut(boxes[at], axis, count)
		boxes[at] = low
		boxes = append(boxes, high)
	}
	out := make([]rgb, len(boxes))
	for i, box := range boxes {
		out[i] = mean(box, count)
	}
	slices.SortFunc(out, func(a, b rgb) int { return 2*a[0] + 5*a[1] + a[2] - 2*b[0] - 5*b[1] - b[2] })
	return out
}

// longest is the channel in which colours differ most, and how much.
func longest(box []rgb) (axis, length int) {
	for a := range 3 {
		low, high := 255, 0
		for _, c := range box {
			low, high = min(low, c[a]), max(high, c[a])
		}
		if high-low > length {
			axis, length = a, high-low
		}
	}
	return axis, length
}

// cut parts colours in two of about as many texels, neither empty.
func cut(box []rgb, axis int, count map[rgb]int) (low, high []rgb) {
	slices.SortStableFunc(box, func(a, b rgb) int { return a[axis] - b[axis] })
	all, half := 0, 0
	for _, c := range box {
		all += count[c]
	}
	for i, c := range box {
		if half += count[c]; 2*half >= all || i == len(box)-2 {
			i = min(i, len(box)-2)
			return box[: i+1 : i+1], box[i+1:]
		}
	}
	return box[:1:1], box[1:]
}

func mean(box []rgb, count map[rgb]int) (out rgb) {
	n := 0
	for _, c := range box {
		k := count[c]
		n += k
		for a := range 3 {
			out[a] += c[a] * k
		}
	}
	for a := range 3 {
		out[a] = (out[a] + n/2) / n
	}
	return out
}

// nearest gives each texel the number of the nearest colour, -1 where it is
// transparent. Dithered, what a texel's colour lacks goes on to its neighbours, as
// Floyd and Steinberg spread it.
func (p *pixels) nearest(colors []rgb, dither bool) []int {
	out := make([]int, len(p.texels))
	texels := slices.Clone(p.texels)
	for i, c := range texels {
		if out[i] = -1; !p.opaque[i] {
			continue
		}
		for a := range 3 {
			c[a] = max(0, min(255, c[a]))
		}
		best := 0
		for k := range colors {
			if c.distance(colors[k]) < c.distance(colors[best]) {
				best = k
			}
		}
		out[i] = best
		if !dither {
			continue
		}
		x, y := i%p.w, i/p.w
		for _, to := range [...]struct{ dx, dy, part int }{{1, 0, 7}, {-1, 1, 3}, {0, 1, 5}, {1, 1, 1}} {
			if x+to.dx < 0 || x+to.dx >= p.w || y+to.dy >= p.h {
				continue
			}
			for a := range 3 {
				texels[i+to.dy*p.w+to.dx][a] += (c[a] - colors[best][a]) * to.part / 16
			}
		}
	}
	return out
}
