package machine

import "sort"

// axis says, for each panel pixel along one axis, which texels it shows and how
// much of each. Those of a panel pixel lie side by side in line, which is what of a
// row of texels is shown: the background before the texture, the texels, the
// background behind it.
type axis struct {
	of      axisOf
	texels  []int32  // that are shown at all, ascending: line from 1 on
	first   []int32  // of panel pixel i, in line
	from    []int32  // weights[from[i]:from[i+1]] are panel pixel i's
	weights []uint32 // which come to of.parts for each
	most    int      // weights of a panel pixel at most
	packed  []uint32 // the two of a panel pixel, where most is at most 3: see pack
}

// axisOf is what an axis is made of.
type axisOf struct {
	start, scale        float64
	pixels, size, parts int
}

// set makes the axis, if it is another than the one it was.
func (a *axis) set(of axisOf) {
	if a.of == of {
		return
	}
	a.of, a.most = of, 0
	a.texels, a.first, a.weights = a.texels[:0], a.first[:0], a.weights[:0]
	a.from = append(a.from[:0], 0)
	var buffer [MaxTaps]Tap
	for i := range of.pixels {
		lo, hi := of.start+float64(i)/of.scale, of.start+float64(i+1)/of.scale
		a.append(AppendTaps(buffer[:0], lo, hi, of.size, of.parts))
	}
	a.pack()
}

// append adds the next panel pixel's taps.
func (a *axis) append(taps []Tap) {
	for i, t := range taps {
		at := int32(0) // before the texture
		if n := len(a.texels); n > 0 {
			at = int32(n) + 1 // behind it
		}
		if t.Texel >= 0 {
			if n := len(a.texels); n == 0 || a.texels[n-1] != int32(t.Texel) {
				a.texels = append(a.texels, int32(t.Texel))
			}
			at = int32(len(a.texels))
		}
		if i == 0 {
			a.first = append(a.first, at)
		}
		a.weights = append(a.weights, uint32(t.Weight))
	}
	a.from = append(a.from, int32(len(a.weights)))
	a.most = max(a.most, len(taps))
}

// packed words hold a panel pixel's first place in line, above the weights of the
// place behind it and of the one behind that.
const (
	packedFirst  = 16
	packedWeight = 8
	mostPacked   = 3
)

func (a *axis) pack() {
	a.packed = a.packed[:0]
	if a.most > mostPacked {
		return
	}
	for i, first := range a.first {
		word := uint32(first) << packedFirst
		switch w := a.at(i); len(w) {
		case 3:
			word |= w[1] | w[2]<<packedWeight
		case 2:
			word |= w[1]
		}
		a.packed = append(a.packed, word)
	}
}

func (a *axis) at(i int) []uint32 { return a.weights[a.from[i]:a.from[i+1]] }

// repeats says that a panel pixel shows what the one before it shows.
func (a *axis) repeats(i int) bool {
	if i == 0 || a.first[i] != a.first[i-1] {
		return false
	}
	w, before := a.at(i), a.at(i-1)
	if len(w) != len(before) {
		return false
	}
	for k := range w {
		if w[k] != before[k] {
			return false
		}
	}
	return true
}

// line is how many places a line has, with as many behind the last as a panel
// pixel may reach for with a weight of 0.
func (a *axis) line() int { return len(a.texels) + 2 + mostPacked }

// show is which panel pixels show any of the texels [from, to).
func (a *axis) show(of span) span {
	texel := func(place int32) int32 {
		switch {
		case place < 1:
			return -1
		case int(place) > len(a.texels):
			return int32(a.of.size)
		}
		return a.texels[place-1]
	}
	return span{
		int32(sort.Search(len(a.first), func(i int) bool {
			return texel(a.first[i]+a.from[i+1]-a.from[i]-1) >= of.from
		})),
		int32(sort.Search(len(a.first), func(i int) bool { return texel(a.first[i]) >= of.to })),
	}
}

// places is where in line what the panel pixels [from, to) show begins and ends.
func (a *axis) places(pixels span) span {
	if pixels.empty() {
		return span{}
	}
	last := pixels.to - 1
	return span{a.first[pixels.from], a.first[last] + a.from[last+1] - a.from[last]}
}
