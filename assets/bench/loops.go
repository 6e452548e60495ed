package bench

import "fmt"

// Loop is a yardstick in plain Go, which paints what the program in C of the same
// name paints.
type Loop struct {
	W, H            int
	Display, Writer []uint32
	Frame           func(n uint32) // paints frame n, from 0
}

// NewLoop makes the loop of a name, of a canvas and the program's numbers.
func NewLoop(name string, w, h int, numbers ...uint32) *Loop {
	l := &Loop{W: w, H: h, Display: make([]uint32, w*h), Writer: make([]uint32, w*h)}
	switch name {
	case "plasma":
		l.Frame = l.plasma
	case "mandel":
		l.Frame = l.mandel
	case "life":
		l.Frame = life{l, make([]uint32, w*h)}.frame
	case "core":
		l.Frame = l.core(numbers[0])
	case "rects":
		l.Frame = l.rects(numbers[0], int(numbers[1]), int(numbers[2]))
	default:
		panic(fmt.Sprintf("there is no loop %q", name))
	}
	return l
}

var plasmaColors = [4]uint32{0xFF000000, 0xFFFF6633, 0xFF3366FF, 0xFFFFFFFF}

func (l *Loop) plasma(n uint32) {
	for y := range int32(l.H) {
		row, by := l.Display[int(y)*l.W:][:l.W], l.Writer[int(y)*l.W:][:l.W]
		for i := range row {
			x := int32(i)
			c := (x*x+y*y)>>4 + (x ^ y) + 3*int32(n)
			row[i], by[i] = plasmaColors[c&3], 1
		}
	}
}

var mandelColors = [9]uint32{0xFF000000, 0xFF440011, 0xFF880022, 0xFFCC0044, 0xFFFF0088, 0xFFCC44CC, 0xFF4488FF, 0xFF22CCFF, 0xFFFFFFFF}

func (l *Loop) mandel(uint32) {
	for y := range int32(l.H) {
		row, by := l.Display[int(y)*l.W:][:l.W], l.Writer[int(y)*l.W:][:l.W]
		for i := range row {
			var zr, zi, turns int32
			cr, ci := (int32(i)-64)*48, (y-32)*64
			for turns < 40 && zr*zr+zi*zi < 4194304 {
				zr, zi = (zr*zr-zi*zi)>>10+cr, (2*zr*zi)>>10+ci
				turns++
			}
			row[i], by[i] = mandelColors[turns*8/40], 1
		}
	}
}

const (
	white = 0xFFFFFFFF
	black = 0xFF000000
)

// life has two pages that change places.
type life struct {
	*Loop
	before []uint32
}

func (l life) frame(n uint32) {
	if n == 0 {
		for i := range l.Display {
			l.Display[i] = black
			if uint32(i)*0x9E3779B1>>29 == 0 {
				l.Display[i] = white
			}
		}
		return
	}
	copy(l.before, l.Display)
	was := l.before
	for y := range l.H {
		for x := range l.W {
			around := 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if (dx != 0 || dy != 0) && was[(y+dy+l.H)%l.H*l.W+(x+dx+l.W)%l.W]&0xFFFFFF != 0 {
						around++
					}
				}
			}
			at := y*l.W + x
			l.Display[at], l.Writer[at] = black, 2
			if around == 3 || around == 2 && was[at]&0xFFFFFF != 0 {
				l.Display[at], l.Writer[at] = white, 1
			}
		}
	}
}

// core gives frames of at least so many instructions of the machine.
func (l *Loop) core(enough uint32) func(uint32) {
	var x, y int32
	return func(uint32) {
		count := uint32(0)
		for count < enough {
			x = x*3 + 1
			y ^= x >> 7
			count += 7
			if y > x {
				y -= x
				count++
			}
		}
		l.Display[0], l.Display[1], l.Display[2] = uint32(x), uint32(y), count
	}
}

// rects gives frames of so many rectangles of a size.
func (l *Loop) rects(count uint32, wide, high int) func(uint32) {
	state := uint32(1) // the seed of a program that is given none
	random := func(n int) int {
		state = state*747796405 + 2891336453
		word := (state>>(state>>28+4) ^ state) * 277803737
		return int((word>>22 ^ word) % uint32(n))
	}
	return func(uint32) {
		for i := uint32(1); i <= count; i++ {
			x, y := random(l.W), random(l.H)
			right := min(x+wide, l.W)
			color := i>>16&0xFF | i&0xFF00 | i&0xFF<<16 | 0xFF000000
			for v := y; v < min(y+high, l.H); v++ {
				row, by := l.Display[v*l.W+x:v*l.W+right], l.Writer[v*l.W+x:v*l.W+right]
				for k := range row {
					row[k], by[k] = color, 1
				}
			}
		}
	}
}
