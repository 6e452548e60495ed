package rules

import (
	"testing"

	"gvpie/runtime/improve"
)

// traps are programs in which a rule looks as if it fits and does not, for the reason
// that each is named after.
var traps = map[string]string{
	"the same operands in another order are another rectangle": `
.canvas 40 30 pixel
loop:
CLS black
RECT mx my 3 7 blue
RECT my mx 3 7 red
FRAME
JMP loop`,
	"the same corner is not the same size": `
.canvas 40 30 pixel
loop:
CLS black
RECT mx my 9 9 blue
RECT mx my 3 3 red
FRAME
JMP loop`,
	"the same operands are of another shape": `
.canvas 40 30 pixel
loop:
CLS black
RECT mx my 6 6 blue
BOX mx my 6 6 red
FRAME
JMP loop`,
	"the same operand is another random number": `
.canvas 40 30 pixel
loop:
CLS black
RECT (rnd(20)) my 3 3 blue
RECT (rnd(20)) my 3 3 red
FRAME
JMP loop`,
	"the same operand has another value by then": `
.canvas 40 30 pixel
loop:
CLS black
x = mx
RECT x my 3 3 blue
x += 9
RECT x my 3 3 red
FRAME
JMP loop`,
	"the same outline is drawn in the next frame": `
.canvas 40 30 pixel
loop:
CLS black
CIRC mx my 4 blue
FRAME
CLS black
CIRC mx my 4 red
FRAME
JMP loop`,
	"a line has its last corner elsewhere": `
.canvas 40 30 pixel
loop:
CLS black
LINE mx my 9 9 blue
LINE mx my 9 29 red
FRAME
JMP loop`,
	"a difference of one word with itself may fault": `
.array a 3
loop:
x += 1
y = a[x] - a[x]
PLOT y 1 red
FRAME
JMP loop`,
	"two random numbers are two": `
x = 5
loop:
y = (rnd(9) | x) - (rnd(9) & x)
PLOT y 1 red
FRAME
JMP loop`,
	"two random numbers in a sum are two": `
.canvas 30 12 pixel
loop:
CLS
RECT 9 5 1 1 red
RECT (9 + rnd(7) - rnd(7)) 5 1 1 blue
FRAME
JMP loop`,
	"a counted sum draws random numbers": `
loop:
IF mx > 3 c = c + 1 + rnd(7) - rnd(7)
LOG {c}
FRAME
JMP loop`,
	"a counted sum faults": `
.table t 1 2 3
loop:
i += 1
IF mx >= -9999 c = c + 1 + t[i] - t[i]
LOG {c}
FRAME
JMP loop`,
	"what min leaves out is drawn from the random numbers": `
loop:
x = min(2, 5 + rnd(9))
LOG {x} {rnd(100)}
FRAME
JMP loop`,
	"what max leaves out faults": `
.table t 1 2 3
loop:
i += 1
x = max(9, t[i])
LOG {x}
FRAME
JMP loop`,
	"what clamp leaves out faults": `
.table t 20 30
loop:
i += 1
x = clamp(i & 7, 0, t[i])
LOG {x}
FRAME
JMP loop`,
	"a name that a loop counts is set in it": `
FOR i = 0 TO 5
  IF mx > 3 i = 100
END
IF i <= 100 LOG near
IF i == 101 LOG far
FRAME`,
	"a name that a loop counts is set by what it calls": `
DEF far()
  i = 100
END
FOR i = 0 TO 5
  far()
END
IF i <= 100 LOG near
FRAME`,
	"a loop that counts what a loop in it counts": `
FOR i = 0 TO 5
  FOR i = 0 TO 9
  END
END
IF i <= 10 LOG near
FRAME`,
	"a jump into a loop": `
i = 50
JMP in
FOR i = 0 TO 5
  in:
  LOG {i}
END
IF i <= 50 LOG near
FRAME`,
	"a LINE that runs backwards": `
.canvas 20 12 pixel
x = 9
y = 9
loop:
CLS
FOR i = 0 TO 5
  LINE x i y i red
END
y = (y + 7) & 15
FRAME
JMP loop`,
	"a loop that is cut draws random numbers": `
.canvas 20 12 pixel
loop:
FOR i = 0 TO 10
  RECT 0 i 20 1 (rnd(200) * 999)
END
RECT 0 5 20 9 blue
FRAME
JMP loop`,
	"a far size is clamped before it is added": `
.canvas 20 12 pixel
loop:
FOR i = 0 TO 10
  RECT 1 i 0x7FFFFFFF 1 red
END
RECT 0 5 10 9 blue
FRAME
JMP loop`,
	"an error in a frame shows what was drawn before it": `
.canvas 20 12 pixel
.array a 3
loop:
CLS navy
PLOT a[x] 3 white
RECT 0 10 20 2 green
x += 1
FRAME
JMP loop`,
	"an error before the background shows the frame before": `
.canvas 20 12 pixel
.table t 1 2 3
loop:
y = t[x]
CLS navy
RECT 0 10 20 2 green
PLOT y 3 white
x += 1
FRAME
JMP loop`,
	"a block that runs too long leaves its texels": `
.canvas 20 12 pixel
loop:
RECT 0 0 5 5 red
EACH 0 0 20 12
  FOR i = 0 TO 60000
    q = q + 1
  END
  PUT q
END
FRAME
JMP loop`,
	"a block of rows that runs too long": `
.canvas 20 12 pixel
loop:
CLS navy
EACH
  q = 0
  FOR i = 0 TO 40000
    q = q + i
  END
  PUT q + py
END
FRAME
JMP loop`,
	"a loop that begins far below": `
.canvas 20 12 pixel
loop:
RECT 0 0 5 5 red
FOR i = (mx - 0x70000000) TO 3
  PLOT i 3 white
END
CLS
FRAME
JMP loop`,
	"a loop in a block counts only on some ways": `
.canvas 20 12 pixel
loop:
EACH
  IF (py & 1) == 0
    FOR i = 0 TO 5
    END
  END
  PUT (i * 40)
END
FRAME
JMP loop`,
	"a loop of a block begins where it was": `
.canvas 20 12 pixel
loop:
EACH
  FOR i = (i + py) TO 5
  END
  PUT (i * 40)
END
FRAME
JMP loop`,
	"what a branch set in the frame before": `
.canvas 20 12 pixel
loop:
CLS
FOR i = 0 TO 3
  IF i == 1
    q = 5
  END
  PLOT q i red
END
FRAME
JMP loop`,
	"what a texel set is its own": `
.canvas 20 12 pixel
q = 9
loop:
CLS
FOR j = 0 TO 3
  EACH
    q = 5
    PUT q
  END
  RECT q 3 2 2 red
END
FRAME
JMP loop`,
	"a limit is read before the start is": `
n = 2
loop:
i = up()
WHILE i < n
  LOG {i}
  i += 1
END
FRAME
JMP loop
DEF up()
  n = (n + 1) & 7
  RETURN 0
END`,
	"what a procedure changes in the line that ends a stretch": `
y = 1
loop:
x = y + 1
z = (y + 1) * 3
w = up() + (y + 1)
LOG {x} {z} {w}
FRAME
JMP loop
DEF up()
  y = (y + 3) & 15
  RETURN 0
END`,
	"of two errors the first counts": `
.table t 1 2 3
loop:
i += 1
x = 9 / (3 - i) + (t[i] * 2 + 1)
y = (t[i] * 2 + 1) * 5 + (t[i] * 2 + 1)
LOG {x} {y}
FRAME
JMP loop`,
	"an argument that is not read faults": `
.table t 1 2 3
loop:
i += 1
x = two(t[i])
LOG {x}
FRAME
JMP loop
DEF two(v)
  RETURN 2
END`,
	"a parameter hides what a procedure reads": `
g = 3
loop:
show(9)
FRAME
JMP loop
DEF plus(v)
  RETURN v + g
END
DEF show(g)
  PLOT plus(1) g red
END`,
	"a parameter hides what a procedure draws": `
.canvas 20 12 pixel
g = 3
loop:
CLS
show(9)
FRAME
JMP loop
DEF dot(v)
  PLOT v g red
END
DEF show(g)
  dot(2)
  g = 4
  dot(g)
END`,
	"a SET that reads its own name may fault": `
w = 9
loop:
w = 20 / w
LOG {frame}
FRAME
JMP loop`,
	"a SET that reads its own name draws random numbers": `
w = 9
loop:
w = rnd(w)
LOG {rnd(100)}
FRAME
JMP loop`,
	"what is drawn over it is elsewhere by then": `
.canvas 20 12 pixel
loop:
CLS
RECT (x & 7) 2 1 1 red
x += 3
RECT (x & 7) 2 1 1 blue
FRAME
JMP loop`,
	"what would be drawn over is clipped": `
.canvas 20 12 pixel
loop:
CLIP
RECT 0 0 5 5 red
CLIP 0 0 2 2
RECT 0 0 5 5 blue
FRAME
JMP loop`,
	"what would be drawn over is moved": `
.canvas 20 12 pixel
CAMERA 5 0
loop:
TRI 22 0 24 0 22 3 red
IF (frame & 1) == 0
  EACH 0 0 20 12
    PUT blue
  END
END
FRAME
JMP loop`,
	"a block that leaves texels out": `
.canvas 20 12 pixel
loop:
RECT 0 0 5 5 red
EACH
  IF px > 2 PUT blue
END
FRAME
JMP loop`,
	"a loop that would be cut is clipped": `
.canvas 20 12 pixel
loop:
CLIP
FOR i = 0 TO 10
  RECT 0 i 20 1 red
END
CLIP 0 0 4 12
RECT 0 5 20 9 blue
FRAME
JMP loop`,
	"what never changes is drawn over what moves": `
.canvas 20 12 pixel
loop:
CLS navy
RECT (frame & 7) 3 2 2 red
RECT 2 3 2 2 white
FRAME
JMP loop`,
	"what a SET is made of changes before the second": `
b = 1
loop:
a = b + 1
b = (b + 3) & 7
a = a * 2
LOG {a} {b}
FRAME
JMP loop`,
	"a SET is read before the second": `
loop:
a = mx + 1
b = a
a = a * 2
LOG {a} {b}
FRAME
JMP loop`,
	"another turn draws over it": `
.canvas 20 12 pixel
loop:
CLS navy
FOR i = 0 TO 5
  RECT 2 i 4 1 red
  RECT 2 (i + 1) 4 1 (frame * 9)
END
FRAME
JMP loop`,
	"the first turn draws in the ink before the loop": `
.canvas 20 12
loop:
CLS navy
COLOR red
FOR i = 0 TO 5
  TXT 1 i a{frame}
  COLOR white
  TXT 15 i b
END
FRAME
JMP loop`,
	"a row that is set on some ways": `
.canvas 20 12
loop:
CLS navy
FOR i = 0 TO 3
  y = i
  IF mx > 3 y = i + 4
  COLOR white
  TXT 1 y a
  TXT 9 i b{frame}
END
FRAME
JMP loop`,
	"the ink that a block may have given": `
.canvas 20 12
loop:
CLS navy
COLOR white
IF mx > 3
  COLOR red
  TXT 9 9 {mx}
END
TXT 1 1 ab
FRAME
JMP loop`,
	"a column of the turn before": `
.canvas 20 12 pixel
loop:
CLS navy
RECT 14 0 4 3 red
FOR i = 0 TO 1
  y = 2
  FOR j = 0 TO 1
    RECT y (frame & 1) 1 1 white
    y = 15
  END
END
FRAME
JMP loop`,
	"a COLOR that a loop without turns does not give": `
.canvas 20 12
loop:
CLS navy
COLOR red
FOR i = 1 TO 0
  COLOR white
END
TXT 1 1 a{frame}
FRAME
JMP loop`,
	"calls nest 128 deep": `
loop:
down(126 + (frame & 1))
FRAME
JMP loop
DEF one(v)
  RETURN v + 1
END
DEF down(n)
  IF n > 0
    down(n - 1)
  ELSE
    x = one(x)
  END
END`,
}

func TestNoRuleFitsATrap(t *testing.T) {
	for name, source := range traps {
		t.Run(name, func(t *testing.T) {
			before, err := improve.Load("p", source)
			if err != nil {
				t.Fatal(err)
			}
			p := read(source)
			if p == nil {
				return
			}
			for _, r := range table {
				out := &proposals{proved: true}
				r(p, out)
				for _, c := range out.all {
					after, err := improve.Load("p", c.Source)
					if err != nil {
						t.Errorf("after %s: %v\n%s", nameOf(r), err, c.Source)
						continue
					}
					v, err := improve.Prove(t.Context(), before, after, improve.Effort{Frames: 8, Seeds: 1, Cost: 4_000_000})
					if err != nil {
						t.Fatal(err)
					}
					if v.Witness != nil {
						t.Errorf("%s (%s): %s\n%s", nameOf(r), c.Step, v.What, c.Source)
					}
				}
			}
		})
	}
}
