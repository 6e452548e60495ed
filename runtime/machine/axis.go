package machine

import "math"

const (
	// A panel pixel that holds more texels than this on an axis takes this many
	// samples of them, spread evenly.
	maxTaps = 8
	// A texel with less than this part of a panel pixel is left out, so that
	// rounding in X + i/Scale does not blur whole scales.
	minPart = 1.0 / 512
)

// axis says, for each panel pixel along one axis, which texels it shows and how
// much of each.
type axis struct {
	parts  uint64  // what the weights of a panel pixel's taps come to
	texels []int32 // texels that are shown at all, ascending
	taps   []tap
	from   []int32 // taps[from[i]:from[i+1]] are panel pixel i's
}

type tap struct {
	texel  int32 // index into axis.texels; -1 outside the texture
	weight uint64
}

func newAxis(start, scale float64, pixels, size int, parts uint64) axis {
	a := axis{from: make([]int32, 1, pixels+1), parts: parts}
	var buffer [maxTaps + 2]part
	for i := range pixels {
		ps := samples(buffer[:0], start+float64(i)/scale, start+float64(i+1)/scale, size)
		a.append(ps)
	}
	return a
}

type part struct {
	texel  int
	weight float64
}

// samples are the texels in [lo, hi) and the part of it that each has.
func samples(ps []part, lo, hi float64, size int) []part {
	add := func(texel float64, weight float64) {
		k := -1
		if texel >= 0 && texel < float64(size) {
			k = int(texel)
		}
		if n := len(ps); n > 0 && ps[n-1].texel == k {
			ps[n-1].weight += weight
		} else if weight >= minPart {
			ps = append(ps, part{k, weight})
		}
	}
	span := hi - lo
	if span <= 0 { // so far out that the panel pixel has no width
		add(-1, 1)
		return ps
	}
	first, last := math.Floor(lo), math.Ceil(hi)-1
	if last-first < maxTaps {
		for k := first; k <= last; k++ {
			add(k, (min(hi, k+1)-max(lo, k))/span)
		}
		return ps
	}
	for s := range maxTaps {
		add(math.Floor(lo+(float64(s)+0.5)*span/maxTaps), 1.0/maxTaps)
	}
	return ps
}

// append adds the next panel pixel's taps.
func (a *axis) append(ps []part) {
	total := 0.0
	for _, p := range ps {
		total += p.weight
	}
	left, sum := a.parts, 0.0
	for i, p := range ps {
		sum += p.weight
		w := left - min(left, uint64(math.Round(float64(a.parts)*max(0, 1-sum/total))))
		if i == len(ps)-1 {
			w = left
		}
		left -= w
		texel := int32(-1)
		if p.texel >= 0 {
			if n := len(a.texels); n == 0 || a.texels[n-1] != int32(p.texel) {
				a.texels = append(a.texels, int32(p.texel))
			}
			texel = int32(len(a.texels) - 1)
		}
		a.taps = append(a.taps, tap{texel, w})
	}
	a.from = append(a.from, int32(len(a.taps)))
}

func (a *axis) at(i int) []tap { return a.taps[a.from[i]:a.from[i+1]] }
