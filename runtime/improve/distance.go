package improve

import (
	"context"
	"image"
	"math"
)

// Distance says how far a picture that is shown is from a target of the same size, from
// 0 to 1: the root of the mean square of what R, G, B and A differ by.
func Distance(target *image.NRGBA, shown *image.RGBA) float64 {
	sum := 0
	for y := range target.Rect.Dy() {
		a := target.Pix[y*target.Stride:][:4*target.Rect.Dx()]
		b := shown.Pix[y*shown.Stride:][:len(a)]
		for i, v := range a {
			d := int(v) - int(b[i])
			sum += d * d
		}
	}
	return math.Sqrt(float64(sum)/float64(4*target.Rect.Dx()*target.Rect.Dy())) / 255
}

// Cost is what the program costs, in the runs in which candidates for it are counted.
func (p *Program) Cost(ctx context.Context) (uint64, error) {
	y, err := newYardstick(ctx, p, true, Effort{})
	if err != nil {
		return 0, err
	}
	return y.cost, nil
}
