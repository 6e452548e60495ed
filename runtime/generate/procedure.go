package generate

import (
	"fmt"
	"strings"
)

// procedure is a DEF, which main calls, blocks if it is for them too, and those before it.
type procedure struct {
	name   string
	params int
	pure   bool // holds only what a block may hold
	texel  bool // that of a block alone: px, py, PUT
	deep   bool // calls itself, its first parameter one less each time
	sub    bool // has a subroutine of its own
}

// declare chooses the procedures. They are written behind the main part.
func (g *generator) declare() {
	for i := range g.IntN(4) {
		p := procedure{name: fmt.Sprintf("p%d", i), params: g.IntN(4), pure: g.in100(40)}
		p.texel = p.pure && g.withEach && g.in100(40)
		p.deep = p.params > 0 && !p.texel && g.in100(40)
		p.sub = !p.pure && g.in100(40)
		if p.deep {
			p.pure = false
		}
		g.procs = append(g.procs, p)
	}
	g.inside = -1
}

// callable lists the procedures that may be called here.
func (g *generator) callable() []procedure {
	var out []procedure
	for i, p := range g.procs {
		if i > g.inside && (p.pure || !g.each && !g.pure) && (!p.texel || g.each || g.texel) {
			out = append(out, p)
		}
	}
	return out
}

// arguments are values for a procedure's parameters, separated by sep.
func (g *generator) arguments(p procedure, sep string, value func() string) string {
	var out []string
	for i := range p.params {
		v := value()
		if i == 0 && p.deep {
			v = fmt.Sprint(g.IntN(4))
		}
		out = append(out, v)
	}
	return strings.Join(out, sep)
}

// invocation is a call in an expression.
func (g *generator) invocation(p procedure, depth int) string {
	return p.name + "(" + g.arguments(p, ", ", func() string { return g.expr(depth) }) + ")"
}

// invoke writes a call that is a statement.
func (g *generator) invoke(p procedure) {
	if g.in100(40) {
		g.line("%s", g.invocation(p, 1))
		return
	}
	g.line("%s", strings.TrimSpace(p.name+" "+g.arguments(p, one(g, " ", ", "), g.operand)))
}

// assign writes an assignment in one of its forms.
func (g *generator) assign(depth int) {
	v := func() string { return one(g, g.vars...) }
	switch n := g.IntN(20); {
	case n == 0:
		g.line("%s %s (%s | 1)", v(), one(g, "/=", "%="), g.expr(depth)) // never by 0
	case n < 10:
		g.line("SET %s = %s", v(), g.expr(depth))
	case n < 14:
		g.line("%s %s= %s", v(), one(g, "+", "-", "*", "&", "|", "^", "<<", ">>"), g.expr(depth))
	case n < 16:
		g.line("%s = %s, %s += %s", v(), g.expr(1), v(), g.expr(1))
	case n < 18 && len(g.arrays) > 0 && !g.each && !g.pure:
		a := one(g, g.arrays...)
		g.line("%s[%s] %s= %s", a.name, g.index(a), one(g, "+", "^", "*"), g.expr(1))
	default:
		g.line("IF %s %s = %s, %s -= 1", g.expr(1), v(), g.expr(1), v())
	}
}

// leave writes a RETURN.
func (g *generator) leave() {
	g.line("%s", one(g, "RETURN", "RETURN "+g.expr(2), "IF "+g.expr(1)+" RETURN "+g.expr(1)))
}

// procedureBody writes the DEF of a procedure.
func (g *generator) procedureBody(i int) {
	p := g.procs[i]
	var names []string
	for k := range p.params {
		names = append(names, one(g, "m", "n", "u")+fmt.Sprint(k))
	}
	if p.params > 0 && g.in100(20) {
		names[len(names)-1] = one(g, "x", "K", "red") // hides one of the program's
	}
	head := p.name + "(" + strings.Join(names, ", ") + ")"
	if g.in100(30) {
		head = strings.TrimSpace(p.name + " " + strings.Join(names, " "))
	}
	g.line("DEF %s", head)
	vars := g.vars
	g.inside, g.pure, g.texel, g.loops = i, p.pure, p.texel, 0
	g.vars = append(append([]string{}, vars...), names...)
	g.indent++
	if g.in100(60) {
		local := fmt.Sprintf("l%d", g.IntN(2))
		g.line("LOCAL %s", local)
		g.vars = append(g.vars, local, local)
	}
	if p.deep {
		if g.in100(95) { // else it is too deep
			g.line("IF %s <= 0 RETURN %s", names[0], g.expr(1))
		}
		if g.in100(15) { // a circle through another
			for _, q := range g.procs {
				if q.deep && q.name != p.name {
					p.name, p.params = q.name, q.params
				}
			}
		}
		rest := g.arguments(p, ", ", func() string { return g.expr(1) })
		if _, after, ok := strings.Cut(rest, ","); ok {
			rest = "," + after
		} else {
			rest = ""
		}
		g.line("SET %s = %s + %s(min(%s, 4) - 1%s) * %s", one(g, g.vars...), g.expr(1), p.name, names[0], rest, g.atom())
	}
	g.left = 1 + g.IntN(6)
	g.body()
	if g.in100(20) {
		g.line("LOCAL late far")
	}
	if p.sub {
		g.line("CALL in")
		g.body()
		g.line("RETURN %s", g.expr(2))
		g.line("in:")
		g.body()
		g.line("RET")
	} else if g.in100(60) {
		g.line("RETURN %s", g.expr(2))
	}
	g.indent--
	g.line("END")
	g.inside, g.pure, g.texel, g.vars = -1, false, false, vars
}
