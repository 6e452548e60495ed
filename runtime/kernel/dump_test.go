package kernel_test

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// dump writes a kernel down for people.
func dump(k *kernel.Kernel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "steps %d, always %d, given %v\n", k.Steps, k.Always, k.Given)
	rng := func(r kernel.Range) string {
		if r.Lo == -1<<31 && r.Hi == 1<<31-1 {
			return ""
		}
		return fmt.Sprintf("[%d…%d]", r.Lo, r.Hi)
	}
	flags := func(names string, on ...bool) string {
		s := ""
		for i, o := range on {
			if o {
				s += strings.Fields(names)[i] + " "
			}
		}
		return s
	}
	for i, v := range k.Vars {
		fmt.Fprintf(&b, "  v%d %s%s %s\n", i, []string{"", "zero", "px", "py", fmt.Sprintf("capture %d", v.Index)}[v.Init], rng(v.Range), flags("uniform", v.Uniform))
	}
	args := func(args []kernel.Arg) string {
		s := ""
		for _, a := range args {
			if a.Var < 0 {
				s += fmt.Sprintf(" %d", int32(a.Const))
			} else {
				s += fmt.Sprintf(" v%d%s", a.Var, rng(a.Range))
			}
		}
		return s
	}
	instrs := func(all []kernel.Instr) {
		for _, in := range all {
			arr := ""
			if in.Array != (kernel.Array{}) {
				arr = fmt.Sprint(in.Array)
			}
			fmt.Fprintf(&b, "  v%d = %s%s%s   %s@%d\n", in.Dst, in.Op, args(in.Args), arr, flags("uniform safe whole next near", in.Uniform, in.Safe, in.Whole, in.Next, in.Near), in.PC)
		}
	}
	fmt.Fprintln(&b, "row:")
	instrs(k.Row)
	for i, l := range k.Loops {
		fmt.Fprintf(&b, "loop %d: %d…%d in %d, %d steps\n", i, l.Head, l.Last, l.Parent, l.Steps)
	}
	for i, bl := range k.Blocks {
		fmt.Fprintf(&b, "%d: @%d %s\n", i, bl.PC, flags("uniform", bl.Uniform))
		instrs(bl.Instrs)
		e := bl.Exit
		fmt.Fprintf(&b, "  %s%s > %d", e.Op, args(e.Args), e.Then)
		if e.Op != isa.JMP && e.Op != isa.DONE {
			fmt.Fprintf(&b, " %d", e.Else)
		}
		fmt.Fprintf(&b, " %s\n", flags("uniform", e.Uniform))
	}
	return b.String()
}
