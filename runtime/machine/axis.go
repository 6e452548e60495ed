package machine

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
	var buffer [MaxTaps]Tap
	for i := range pixels {
		a.append(AppendTaps(buffer[:0], start+float64(i)/scale, start+float64(i+1)/scale, size, int(parts)))
	}
	return a
}

// append adds the next panel pixel's taps.
func (a *axis) append(taps []Tap) {
	for _, t := range taps {
		texel := int32(-1)
		if t.Texel >= 0 {
			if n := len(a.texels); n == 0 || a.texels[n-1] != int32(t.Texel) {
				a.texels = append(a.texels, int32(t.Texel))
			}
			texel = int32(len(a.texels) - 1)
		}
		a.taps = append(a.taps, tap{texel, uint64(t.Weight)})
	}
	a.from = append(a.from, int32(len(a.taps)))
}

func (a *axis) at(i int) []tap { return a.taps[a.from[i]:a.from[i+1]] }
