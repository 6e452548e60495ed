package difftest

import (
	"fmt"

	"gvpie/runtime/isa"
)

// callCases are about procedures.
var callCases = []Case{
	{Claim: "a RETURN behind an IF at the end of a body is not its only end", Source: `
LOG {f(1)} {f(0)} {n}
HALT
DEF f(x)
  IF x RETURN 5
END
DEF after(x)
  n = 7
END
`, Log: "5 0 0"},
	{Claim: "a call keeps what a deeper one has", Source: `
.canvas 8 8
LOG {fib(12)} {ack(2, 3)}
DEF fib(n)
  IF n < 2 RETURN n
  RETURN fib(n - 1) + fib(n - 2)
END
DEF ack(m, n)
  IF m == 0 RETURN n + 1
  IF n == 0 RETURN ack(m - 1, 1)
  RETURN ack(m - 1, ack(m, n - 1))
END
`, Log: "144 9"},
	{Claim: "128 calls nest, CALL among them", Source: deep(127), Log: "8128"},
	{Claim: "the 129th does not, at the statement that calls", Source: deep(128), Fault: isa.StackOverflow},
	{Claim: "arguments are computed before the depth is looked at", Source: `
.canvas 8 8
down 1
DEF down(n)
  IF n < 128 RETURN down(n + 1)
  down (1 / 0)
END
`, Fault: isa.DivByZero},
	{Claim: "a RET in a body goes back from no call around it", Source: "CALL sub\nHALT\nsub: leave\nRET\nDEF leave\nRET\nEND\n", Fault: isa.StackUnderflow},
	{Claim: "RETURN drops the CALLs that the body made", Source: `
.canvas 8 8
WHILE i < 200
  i += 1
  n += leave(i)
END
LOG {n} {i}
HALT
DEF leave(k)
  CALL one
  RETURN 5
one:
  IF k & 1 RETURN 3
  RET
END
`, Log: "800 200"},
	{Claim: "a FRAME in the middle of an expression", Source: `
.canvas 8 8
s = frame * 1000 + wait(2) * 10 + frame
LOG {s}
DEF wait(n)
  LOCAL k
  FOR k = 1 TO n
    PLOT frame k red
    FRAME
  END
  RETURN n + k
END
`, Frames: 4, Log: "52"},
	{Claim: "a body is passed over from above", Source: "x = 1\nDEF f\nx = 2\nEND\nLOG {x}\n", Log: "1"},
	{Claim: "what a call computes in a block stays in the block", Source: `
.canvas 6 4 pixel
q = 5
EACH
  q += px
  PUT f(q, py) + g()
END
LOG {q}
DEF f(a, b)
  LOCAL k s
  FOR k = 0 TO b
    IF k == 2 && a > 7 RETURN s * 256
    s += a * k
  END
  RETURN s
END
DEF g
  q *= 2
  RETURN q
END
`, Log: "5", Each: true},
	{Claim: "a block begins with the call's own names", Source: `
.canvas 9 3 pixel
glow 1 2
glow 4 3
DEF glow(x, n)
  LOCAL c
  c = n * 0x101010
  EACH x 0 n 3
    c += px
    PUT c * n
  END
  ASSERT c == n * 0x101010
END
`, Each: true},
	{Claim: "a texel that fails in a call says where", Source: "EACH 0 0 3 1\nPUT f(px)\nEND\nDEF f(x)\nRETURN 7 / (x - 1)\nEND\n", Fault: isa.DivByZero, Each: true},
}

// deep is a program that calls so deep, once by CALL.
func deep(n int) string {
	return fmt.Sprintf("CALL sub\nHALT\nsub:\nLOG {down(%d)}\nRET\nDEF down(n)\nIF n == 1 RETURN 1\nRETURN n + down(n - 1)\nEND\n", n)
}
