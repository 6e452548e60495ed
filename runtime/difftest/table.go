package difftest

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// machineCases are about what draws, computes and fails. A regression gets one here.
var machineCases = []Case{
	{Claim: "an empty program halts", Source: "; nothing\n"},
	{Claim: "hello", Source: "TXT 10 10 HELLO GPU\nHALT\n"},
	{Claim: "text leaves the paper, a rectangle leaves the glyphs", Source: `
.canvas 8 4
RECT 0 0 4 2 red
TXT 1 1 abc
RECT 2 1 4 1 blue
FRAME
ASSERT peek(0, 1) >> 16 == peek(1, 1) >> 16
ASSERT peek(2, 1) & 0xFF == 'b'
ASSERT peek(2, 1) >> 16 == peek(5, 1) >> 16
`, Frames: 2},
	{Claim: "FILL clears the glyphs", Source: `
.canvas 8 4
COLOR red
TXT 1 1 abc
FILL 2 1 1 1 green
FRAME
ASSERT peek(2, 1) & 0xFFFF == 0
ASSERT peek(3, 1) & 0xFF == 'c'
`, Frames: 2},
	{Claim: "a draw off the canvas draws nothing, on every side", Source: `
.canvas 5 5 pixel
RECT -9 -9 9 9 red
RECT 5 0 3 3 red
LINE -4 -4 -1 20 red
LINE 9 -3 9 9 red
CIRC -9 -9 3 red
RING 20 20 8 red
BOX 5 5 4 4 red
TXT -60 0 off
TXT 0 -7 off
TXT 5 5 off
PLOT -1 2
PLOT 2 5
FRAME
FOR y = 0 TO 4
  FOR x = 0 TO 4
    ASSERT peek(x, y) == 0
  END
END
`, Frames: 2},
	{Claim: "coordinates and sizes are clamped before they are used", Source: `
.canvas 6 6 pixel
RECT -2147483648 0 2147483647 1 red
RECT 0 2147483647 5 5 green
LINE -2147483648 3 2147483647 3 blue
CIRC 2147483647 2 2147483647 yellow
BLIT -2147483648 0 2147483647 9 0 0
`},
	{Claim: "lines go through the same texels in both directions", Source: `
.canvas 24 16 pixel
LINE 0 0 23 15 red
LINE 23 0 0 15 green
LINE 3 15 9 0 blue
LINE 9 1 3 15 white
LINE 0 8 23 8
LINE 11 15 11 0
LINE 4 4 4 4
`},
	{Claim: "far ends give a line its direction", Source: `
.canvas 40 30 pixel
LINE -262144 -262144 262143 262143 white
LINE 0x80000000 10 0x7FFFFFFF 11 yellow
LINE 20 262143 21 -262144 cyan
LINE -100000 -65000 100000 65100 orange
LINE 39 29 262143 200000 red
LINE 0 0 -262144 -1 red
LINE -9 3 -9 3 green
LINE 100000 100000 100000 100000 green
LINE 7 40 7 40 green
LINE 5 6 5 6 green
LINE 39 0 39 262143 blue
FRAME
ASSERT peek(25, 25) == white
ASSERT peek(5, 6) == green
`, Frames: 2},
	{Claim: "triangles: every order of corners, thin, flat, far", Source: `
.canvas 40 30 pixel
TRI 2 2 12 4 5 14 red
TRI 2 2 5 14 12 4 green
TRI 20 20 20 20 20 20 white
TRI 20 20 25 20 30 20 white
TRI 30 2 30 3 31 2 blue
TRI 39 29 38 29 39 28 yellow
TRI -262144 -262144 262143 -262144 0 6 0x300020
TRI -200000 200000 15 20 200000 200000 0x203010
TRI 0x80000000 0 0x7FFFFFFF 1 0x7FFFFFFF 0x7FFFFFFF 0x101010
TRI 50 0 60 30 55 90 red
TRI 0 -5 39 -5 20 -1 red
COLOR silver
TRI 33 20 38 25 31 26
FRAME
ASSERT peek(20, 20) == 0x101010
ASSERT peek(38, 29) == 0x101010
`, Frames: 2},
	{Claim: "sprites: every way to lie, scaled, with frames, on a pixel canvas", Source: `
.canvas 60 40 pixel
.palette red 0x010203 white
.sprite a 3 2
  012
  0.
  111
  ..2
.sprite b
  .2.
  2.2
FOR f = 0 TO 7
  SPR a (f * 7) 1 f
  SPR b (f * 7) 6 (f | 0x100)
  SPR b (f * 9 - 4) 14 (f | 0x200 | 0xFFFFF0F8)
END
SPR a[0] 1 30
SPR b -1 38 0xF00
SPR a 0x7FFFFFFF 5
SPR a 59 39
FRAME
ASSERT peek(1, 30) == red
ASSERT peek(2, 30) == 0x010203
ASSERT peek(2, 31) == 0
`, Frames: 2},
	{Claim: "sprites on a cell canvas write the paper", Source: ".canvas 9 4\n.sprite a 3 2\n2A.\n.F7\nTXT 0 0 abcdefghi\nSPR a 1 0\nSPR a 4 0 7\nSPR a 6 1 0x102\nFRAME\nASSERT peek(1, 0) & 255 == 'b'\nASSERT peek(3, 0) >> 16 == 0\nASSERT peek(1, 0) >> 16 == 181\n", Frames: 2},
	{Claim: "a sprite has so many frames", Source: ".sprite a 1 1\n1\n2\nSET i = 2\nSPR a[i - 1] 1 1\nSPR a[i] 1 1\n", Fault: isa.AddressOutOfRange},
	{Claim: "a sprite has no frame before its first", Source: ".sprite a\n1\nSET i = -1\nSPR a[i] 1 1\n", Fault: isa.AddressOutOfRange},
	{Claim: "a clip holds every draw, is taken when the draw is made, and stays", Source: `
.canvas 30 20
.sprite s
  7777
  7777
CLIP 3 2 20 9
CLS red
RECT 0 0 9 9 blue
BOX 1 1 25 12 green
FILL 20 1 9 3 navy
TXT 1 4 clipped at both of its ends
LINE 0 0 29 19
CIRC 15 9 6 yellow
RING 15 9 8 white
TRI 0 10 29 10 15 3 teal
SPR s 21 7
SPR s 1 7 0x300
PLOT 2 2 white
PLOT 3 2 white
CLIP
PLOT 0 0 white
CLIP 25 15 99 99
FRAME
CLS silver
BLIT 0 0 9 9 20 10
CLIP 0x7FFFFFFF 0 5 5
CLS white
CLIP 4 4 0 9
CLS white
CLIP -5 -5 6 6
TXT -3 0 abcdef
FRAME
ASSERT peek(2, 2) == 0
ASSERT peek(3, 2) >> 16 == 216
ASSERT peek(0, 0) & 255 == 'd'
`, Frames: 3},
	{Claim: "a clip cuts text on a pixel canvas", Source: ".canvas 40 16 pixel\nCLIP 4 2 21 5\nTXT 0 0 Wide text\nTXT 1 6 yes\nTXT -30 3 0123456789\n"},
	{Claim: "a camera moves draws, and not CLS, CLIP, peek or where BLIT reads", Source: `
.canvas 30 20 pixel
.sprite s 2 2
  12
  3.
CAMERA 100 50
CLS 0x101010
RECT 101 51 3 3 red
BOX 105 51 4 4 green
FILL 110 51 2 2 blue
LINE 100 60 129 63 white
CIRC 118 55 3 yellow
RING 124 55 4 cyan
TRI 101 65 109 65 105 69 magenta
SPR s 112 65 0x101
TXT 118 62 A
PLOT 129 69 white
CAMERA 0x7FFFFFFF 0x80000000
PLOT (0x7FFFFFFF + 9) 0x80000000 red
CAMERA -100000 -100000
LINE -100000 -100000 0 0 silver
FRAME
CAMERA -3 0
BLIT 1 1 3 3 20 10
CLIP 0 0 2 2
CLS red
FRAME
ASSERT peek(1, 1) == red
ASSERT peek(9, 0) == red
ASSERT peek(24, 11) == silver
`, Frames: 3},
	{Claim: "circles and rings of every small radius", Source: `
.canvas 24 16 pixel
FOR r = -1 TO 9
  CIRC (r * 2) 5 r (r * 0x1F3F5F)
  RING (20 - r) 9 r (r * 0x3F1F0F)
END
`},
	{Claim: "boxes one and two texels thin", Source: `
.canvas 12 8
BOX 0 0 1 1 red
BOX 2 0 2 2 green
BOX 5 0 1 5 blue
BOX 7 1 4 1 white
BOX -2 3 20 20 gray
BOX 3 3 0 4
BOX 3 3 4 -1
`},
	{Claim: "CLS to black, then to a colour", Source: ".canvas 4 4\nTXT 0 0 ab\nCLS\nTXT 0 1 c\nFRAME\nCLS orange\nFRAME\nASSERT peek(0, 1) & 0xFFFF == 0\n", Frames: 3},
	{Claim: "CLS on a pixel canvas", Source: ".canvas 3 3 pixel\nCLS 0x123456\nFRAME\nASSERT peek(2, 2) == 0x123456\nCLS\nFRAME\nASSERT peek(2, 2) == 0\n", Frames: 3},
	{Claim: "text on a pixel canvas is drawn glyph by glyph and clipped", Source: ".canvas 20 12 pixel\nTXT -3 -2 Aq\nCOLOR yellow\nTXT 4 6 ~W\u00e9\n"},
	{Claim: "the palette rounds to six levels", Source: `
.canvas 16 16
FOR i = 0 TO 255
  PLOT (i & 15) (i >> 4) (i | i << 8 ^ 0x3500 | 255 - i << 16)
END
`},
	{Claim: "ink and paper hold for later draws, and over frames", Source: `
.canvas 8 3
TXT 0 0 a
RECT 0 0 1 1
COLOR red
TXT 1 0 b
RECT 1 0 1 1
COLOR green navy
FRAME
TXT 2 0 c
RECT 2 0 1 1
`, Frames: 2},
	{Claim: "ink is the colour of every draw on a pixel canvas", Source: ".canvas 4 1 pixel\nPLOT 0 0\nCOLOR red blue\nPLOT 1 0\nFRAME\nASSERT peek(0, 0) == white\nASSERT peek(1, 0) == red\n", Frames: 2},
	{Claim: "peek and BLIT see the display as the frame began", Source: `
.canvas 6 2
TXT 0 0 abc
ASSERT peek(0, 0) == 0
BLIT 0 0 3 1 3 1
FRAME
ASSERT peek(0, 0) & 0xFF == 'a'
ASSERT peek(3, 1) == 0
CLS
BLIT 0 0 3 1 3 1
FRAME
ASSERT peek(0, 0) == 0
ASSERT peek(3, 1) & 0xFF == 'a'
ASSERT peek(-1, 0) == 0
ASSERT peek(0, 2) == 0
`, Frames: 3},
	{Claim: "BLIT copies texels that were never written, and skips what is off the canvas", Source: ".canvas 6 3\nCLS red\nFRAME\nCLS\nBLIT -2 -1 5 3 -1 1\nBLIT 4 0 9 9 3 2\nBLIT 0 0 -1 4 0 0\n", Frames: 2},
	{Claim: "arithmetic at its edges", Source: `
SET m = -2147483648
SET z = 0
ASSERT m / -1 == m
ASSERT m % -1 == 0
ASSERT abs(m) == m
ASSERT -m == m
ASSERT 2147483647 + 1 == m
ASSERT 1 << 33 == 2
ASSERT m >> 31 == -1
ASSERT m >>> 31 == 1
ASSERT -7 / 2 == -3
ASSERT -7 % 2 == -1
ASSERT sqrt(2147483647) == 46340
ASSERT sqrt(-1) == 0
ASSERT sin(256) == 1024
ASSERT cos(-512) == -1024
ASSERT sgn(m) == -1
ASSERT clamp(5, 9, 3) == 9
ASSERT z == 0 || 1 / z
`},
	{Claim: "random numbers and SEED", Source: "SET a = rnd(1000)\nSET b = rnd(0)\nASSERT b == 0\nSEED 7\nSET c = rnd(1000000)\nSEED 7\nASSERT c == rnd(1000000)\nLOG {a} {c} {rnd(-5)}\n", Log: "92 684060 0"},
	{Claim: "FOR leaves its name at the first value that failed", Source: "FOR i = 1 TO 3\nEND\nFOR j = 5 TO 1 STEP -2\nEND\nFOR k = 2 TO 1\nEND\nLOG {i} {j} {k}\n", Log: "4 -1 2"},
	{Claim: "BREAK and CONTINUE", Source: `
SET s = 0
FOR i = 0 TO 9
  IF i == 3 CONTINUE
  IF i == 6 BREAK
  SET s = s * 10 + i
END
SET n = 0
WHILE 1
  SET n = n + 1
  IF n > 4 BREAK
END
LOG {s} {n}
`, Log: "1245 5"},
	{Claim: "calls nest and come back", Source: "CALL a\nLOG back\nHALT\na:\nLOG a\nCALL b\nLOG a again\nRET\nb:\nLOG b\nRET\n", Log: "a\nb\na again\nback"},
	{Claim: "the log has values, and replaces what is no ASCII", Source: "SET x = -42\nLOG x={x} é\nLOG plain\nLOG {x}{x}\n", Log: "x=-42 \uFFFD\nplain\n-42-42"},
	{Claim: "input is seen", Source: "LOG {mx} {my} {mb} {key('A')} {key('B')} {key(-1)} {key(256)}\nFRAME\nLOG {mx} {key('A')}\n", Frames: 2,
		Inputs: []machine.Input{{MouseX: -4, MouseY: 9, Buttons: 3, Keys: [8]uint32{2: 1 << 1}}, {MouseX: 5}}, Log: "-4 9 3 1 0 0 0\n5 0"},
	{Claim: "frame counts, data stays", Source: "SET n = 0\nloop:\nSET n = n + 10\nLOG {frame} {n}\nFRAME\nJMP loop\n", Frames: 3, Log: "0 10\n1 20\n2 30"},
	{Claim: "a call stack outlives a frame", Source: "CALL a\nLOG {frame}\nHALT\na:\nFRAME\nFRAME\nRET\n", Frames: 5, Log: "2"},

	{Claim: "division by zero is a fault, and what was drawn stands", Source: "TXT 0 0 x\nSET z = 0\nSET q = 1 / z\nTXT 0 1 y\n", Fault: isa.DivByZero},
	{Claim: "remainder by zero is a fault", Source: "SET z = 0\nSET q = 1 % z\n", Fault: isa.DivByZero},
	{Claim: "an array has an end", Source: ".array a 3\nSET i = 3\nSET a[i] = 1\n", Fault: isa.AddressOutOfRange},
	{Claim: "an array has a beginning", Source: ".array a 3\nSET i = -1\nLOG {a[i]}\n", Fault: isa.AddressOutOfRange},
	{Claim: "a table has an end", Source: ".table t 1 2 3\nSET i = 3\nSET x = t[i]\n", Fault: isa.AddressOutOfRange},
	{Claim: "the stack is 128 deep", Source: "SET n = 0\ndeep:\nSET n = n + 1\nPLOT n 0\nCALL deep\n", Fault: isa.StackOverflow},
	{Claim: "127 calls inside a call fit", Source: "SET n = 0\nCALL deep\nLOG {n}\nHALT\ndeep:\nSET n = n + 1\nIF n < 128 CALL deep\nRET\n", Log: "128"},
	{Claim: "a return needs a call", Source: "RET\n", Fault: isa.StackUnderflow},
	{Claim: "an endless loop ends", Source: "TXT 0 0 x\nloop:\nJMP loop\n", Budget: 100000, Fault: isa.CycleLimit},
	{Claim: "a budget that just suffices", Source: "NOP\nNOP\nNOP\n", Budget: 3},
	{Claim: "a budget that just does not", Source: "NOP\nNOP\nNOP\n", Budget: 2, Fault: isa.CycleLimit},
	{Claim: "the budget is per frame", Source: "loop:\nNOP\nFRAME\nJMP loop\n", Budget: 3, Frames: 4},
	{Claim: "a frame has so many commands", Source: ".canvas 2 2\nloop:\nPLOT 0 0\nJMP loop\n", Fault: isa.CommandLimit},
	{Claim: "an assertion that fails", Source: "LOG before\nASSERT 1 > 2\nLOG after\n", Fault: isa.AssertFailed, Log: "before"},

	{Claim: "fixed point, in 64 bits", Source: "SET m = -2147483648\nLOG {mul(m, m, 31)} {mul(m, m, 63)} {mul(3 << 16, -5 << 15, 16)} {mul(m, 1, 95)}\nLOG {div(m, -1, 0)} {div(m, -1, 31)} {div(m + 1, m, 31)} {div(-7, 2, 32)}\n",
		Log: "-2147483648 0 -491520 -1\n-2147483648 0 2147483647 -3"},
	{Claim: "a quotient of 64 bits by zero is a fault", Source: "SET z = 0\nSET q = div(5, z, 31)\n", Fault: isa.DivByZero},
	{Claim: "angles, lengths, noise and colours of what is not known", Source: "SET x = -2147483648\nSET y = 7\nLOG {atan2(x, x)} {hypot(x, x)} {noise(x, y)} {hash(y)} {rgb(x, y, 300):x} {hsv(x, 300, y):x} {mix(white, x, y):x}\n",
		Log: "640 2147483647 45 2120684060 7ff 70000 f8f8f8"},
	{Claim: "keys and buttons that went down, and the wheel", Source: "loop:\nLOG {keyp('A')} {keyp(-1)} {keyp(256)} {mbp} {mw}\nFRAME\nJMP loop\n", Frames: 4,
		Inputs: []machine.Input{{Buttons: 1, Keys: [8]uint32{2: 1 << 1}, Wheel: -2}, {Buttons: 3, Keys: [8]uint32{2: 1 << 1}}, {}, {Buttons: 2, Keys: [8]uint32{2: 1 << 1}, Wheel: 1}},
		Log:    "1 0 0 1 -2\n0 0 0 2 0\n0 0 0 0 0\n1 0 0 2 1"},
	{Claim: "an array of two dimensions is its rows in order", Source: ".array g 4 3\nFOR y = 0 TO 2\n  FOR x = 0 TO 3\n    SET g[x, y] = x * 10 + y\n  END\nEND\nSET g[1, 2] = g[3, 0] + g[5]\nLOG {g[9]} {g[x - 1, y - 1]}\n", Log: "41 32"},
	{Claim: "a row has an end, though the array goes on", Source: ".array g 4 3\nSET x = 4\nSET g[x, 1] = 1\n", Fault: isa.AddressOutOfRange},
	{Claim: "and a beginning", Source: ".array g 4 3\nSET x = -1\nLOG {g[x, 1]}\n", Fault: isa.AddressOutOfRange},
	{Claim: "there is a last row", Source: ".table t 2: 1 2,\n  3 4\nSET y = 2\nSET x = t[0, y]\n", Fault: isa.AddressOutOfRange},
	{Claim: "and a first one", Source: ".table t 2: 1 2 3 4\nSET y = -1\nSET x = t[0, y]\n", Fault: isa.AddressOutOfRange},
	{Claim: "formats", Source: "SET a = -42\nSET b = 7\nLOG {a:6}|{a:-6}|{a:06}|{a:x}|{a:+}|{b:+}|{b:+04}|{b:c}|{a + 107:c}|{a + 107:3c}|{b:08x}|{b:-3x}|\nTXT 0 0 {a:5}{b:03}{a:c}\n",
		Log: "   -42|-42   |-00042|ffffffd6|-42|+7|+007|\uFFFD|A|  A|00000007|7  |"},
	{Claim: "a table of texts", Source: ".text n \"low\" \"\", \"a; \\\"{b}\\\"\"\nFOR i = 0 TO 2\n  LOG <{n[i]}> <{n[i]:5}> <{n[2 - i]:-5}>\nEND\nTXT 0 0 {n[i - 1]}\n", Log: "<low> <  low> <a; \"{b}\">\n<> <     > <     >\n<a; \"{b}\"> <a; \"{b}\"> <low  >"},
	{Claim: "a text out of range, of which nothing is written", Source: ".text n \"low\"\nSET i = 1\nLOG before {i} {n[i]}\n", Fault: isa.AddressOutOfRange},
	{Claim: "texts have so many characters a frame", Source: ".canvas 1 1\n.text n \"0123456789012345678901234567890123456789\"\nSET i = 0\nloop:\nTXT 0 0 {n[i]}{n[i]}{n[i]}{n[i]}\nJMP loop\n", Fault: isa.CommandLimit},

	{Claim: "EACH: the new functions", Each: true, Source: ".canvas 9 7 pixel\n.array g 9 7\n.table t 3: 1 2 3,\n  4 5 6\nSET g[4, 5] = 77\nEACH\n  SET n = atan2(py - 3, px - 4) + hypot(px - 4, py - 3) * 1024 + noise(px * 60, py * 60) + hash(px ^ py)\n  IF px & 1\n    PUT hsv(n, px * 30, 255 - py) ^ mix(n, red, py * 40)\n  ELSE\n    PUT rgb(g[px, py], t[px % 3, py & 1] * 40, mul(n, px, 12) + div(n, py + 1, 3))\n  END\nEND\n"},
	{Claim: "EACH: a quotient, a row and a text out of range fail where they are", Each: true, Source: ".canvas 6 2 pixel\n.array g 3 2\n.text n \"a\"\nEACH\n  PUT red\n  IF py == 0 && px < 4\n    PUT g[px, py]\n  ELSE IF px == 4\n    PUT div(px, py, 3)\n  ELSE IF px == 5\n    LOG {n[py]}\n  END\nEND\n", Fault: isa.AddressOutOfRange, Log: "a"},
	{Claim: "EACH: lines of a block stand in its place, texel by texel", Each: true, Source: ".canvas 70 2\nLOG before\nEACH\n  FOR i = 0 TO px\n    IF px == py || px > 68 && i == 69 LOG {px:3} {py} {i}\n  END\n  IF px == 3 LOG three {py}\nEND\nLOG between\nEACH 1 1 1 1\n  LOG other\nEND\nLOG after\n",
		Log: "before\n  0 0 0\nthree 0\n 69 0 69\n  1 1 0\n  1 1 1\nthree 1\n 69 1 69\nbetween\nother\nafter"},
	{Claim: "EACH: what a texel logged before it failed stays", Each: true, Source: ".canvas 3 1 pixel\nEACH\n  LOG at {px}\n  PUT red\n  ASSERT px != 1\n  LOG past {px}\nEND\nFRAME\n", Fault: isa.AssertFailed, Log: "at 0\npast 0\nat 1\nat 2\npast 2"},
	{Claim: "EACH: lines of blocks that an array held back", Each: true, Source: ".canvas 2 1 pixel\n.array a 2\nEACH\n  LOG {px} {a[0]}\nEND\nSET a[0] = 7\nEACH\n  LOG {px} {a[0]}\nEND\n", Log: "0 0\n1 0\n0 7\n1 7"},
	{Claim: "EACH: a texel may execute 65 536 instructions", Each: true, Source: ".canvas 1 1 pixel\nEACH\n  PUT red\n  FOR i = 1 TO 16383\n    PUT i\n  END\n  NOP\nEND\n"},
	{Claim: "EACH: and no more", Each: true, Source: ".canvas 1 1 pixel\nEACH\n  PUT red\n  FOR i = 1 TO 16383\n    PUT i\n  END\n  NOP\n  NOP\nEND\n", Fault: isa.CycleLimit},
	{Claim: "EACH: px and py", Each: true, Source: ".canvas 9 5 pixel\nEACH\n  PUT px << 8 | py\nEND\nFRAME\nASSERT peek(8, 4) == 0x804\n", Frames: 2},
	{Claim: "EACH: only its rectangle", Each: true, Source: ".canvas 6 6\nEACH -2 1 5 9\n  PUT red\nEND\nEACH 9 9 3 3\n  PUT blue\nEND\nFRAME\nASSERT peek(2, 1) > 0\nASSERT peek(3, 1) == 0\nASSERT peek(0, 0) == 0\n", Frames: 2},
	{Claim: "EACH runs for the texels inside the clip, and moves with the camera where it has a place", Each: true, Source: `
.canvas 8 6 pixel
.table t red green
CLIP 3 2 2 3
CAMERA 10 0
EACH
  PUT t[px - 3]
END
CLIP
EACH 11 0 2 1
  PUT blue + px
END
FRAME
ASSERT peek(4, 4) == green
ASSERT peek(5, 4) == 0
ASSERT peek(2, 0) == blue + 2
ASSERT peek(0, 0) == 0
`, Frames: 2},
	{Claim: "EACH keeps glyphs, and the last PUT counts", Each: true, Source: ".canvas 3 1\nTXT 0 0 abc\nEACH\n  PUT red\n  IF px == 1 PUT blue\nEND\n"},
	{Claim: "EACH: a texel without a PUT stays", Each: true, Source: ".canvas 4 1 pixel\nCLS red\nEACH\n  IF px & 1 PUT green\nEND\nFRAME\nASSERT peek(0, 0) == red\nASSERT peek(1, 0) == green\n", Frames: 2},
	{Claim: "EACH changes its own copy of a name", Each: true, Source: ".canvas 4 1 pixel\nSET n = 5\nEACH\n  SET n = n + px\n  PUT n\nEND\nSET n = n + 1\nFRAME\nASSERT n == 6\nASSERT peek(3, 0) == 8\n", Frames: 2},
	{Claim: "EACH reads arrays as they were when it was reached", Each: true, Source: ".canvas 2 1 pixel\n.array a 2\nSET a[0] = 7\nEACH\n  PUT a[px]\nEND\nSET a[0] = 9\nSET a[1] = 9\nFRAME\nASSERT peek(0, 0) == 7\nASSERT peek(1, 0) == 0\n", Frames: 2},
	{Claim: "EACH sees the display as the frame began, also after an array was written", Each: true, Source: ".canvas 2 1 pixel\n.array a 1\nCLS red\nEACH\n  PUT peek(px, py) + 1\nEND\nSET a[0] = 1\nEACH\n  PUT peek(px, py) + 2\nEND\nFRAME\nASSERT peek(0, 0) == 2\n", Frames: 2},
	{Claim: "EACH: loops of a length of their own", Each: true, Source: ".canvas 12 8 pixel\nEACH\n  SET s = 0\n  FOR i = 0 TO px\n    IF i == py CONTINUE\n    IF i > 9 BREAK\n    SET s = s + i * i\n  END\n  WHILE s > 100\n    SET s = s - 37\n  END\n  PUT s * 0x10101\nEND\n"},
	{Claim: "EACH: texels that leave a loop in two ways meet again behind it", Each: true, Source: ".canvas 8 4 pixel\nSET u = 6\nEACH\n  FOR i = 4 TO u\n    IF py\n      IF px BREAK\n      PUT 1\n      IF px - 5 BREAK\n    ELSE\n      w |= 77 + px\n    END\n  END\n  PUT w - px\nEND\n"},
	{Claim: "EACH: what is known in a loop that no texel comes to is known nowhere else", Each: true, Source: ".canvas 10 1 pixel\n.table t 9 8\nDEF p0(n)\n  IF px == py LOG {clamp(20950, 1, t[0])}\nEND\nEACH\n  WHILE i < 3 && (px >> W)\n    i = i + 1\n    IF t[0] * navy x = peek(px, px), w -= 1\n    v -= 1\n    p0 11\n  END\n  j = 0\n  WHILE j < 6\n    j = v | 6\n  END\n  IF px == py LOG {px}\nEND\n", Log: "0"},
	{Claim: "EACH: one texel fails, the others are drawn, the run ends", Each: true, Source: ".canvas 6 4 pixel\nCLS red\nEACH\n  PUT 100 / (px * 3 + py - 8)\nEND\nPLOT 0 0 blue\nFRAME\n", Frames: 3, Fault: isa.DivByZero},
	{Claim: "EACH: the core's own fault is the one reported", Each: true, Source: ".canvas 3 1\nEACH\n  PUT 1 / px\nEND\nASSERT 0\n", Fault: isa.AssertFailed},
	{Claim: "EACH: the first failing block is the one reported", Each: true, Source: ".canvas 3 3\n.array a 2\nEACH\n  PUT a[px]\nEND\nEACH\n  PUT 1 / px\nEND\n", Fault: isa.AddressOutOfRange},
	{Claim: "EACH: a block without end ends", Each: true, Source: ".canvas 3 2 pixel\nEACH\n  PUT red\n  WHILE px == 1\n  END\nEND\n", Fault: isa.CycleLimit},
	{Claim: "EACH sees input and keys", Each: true, Source: ".canvas 3 1 pixel\nEACH\n  PUT mx * 256 + key(px + 'A')\nEND\n", Inputs: []machine.Input{{MouseX: 7, Keys: [8]uint32{2: 1 << 2}}}},
}
