package kernel

import "gvpie/runtime/isa"

// strides finds by how much more a value is for the next texel of the row, where
// that is always the same, and where it is so but for places where it wraps.
func (d *divergence) strides() {
	for _, v := range d.values[1:] {
		v.step = !v.vary
		if v.kind == startValue && v.init == PX {
			v.step, v.stride = true, 1
		}
	}
	for i := range d.nodes {
		if d.nodes[i].dead {
			continue
		}
		for _, p := range d.phis[i] {
			x := d.values[p]
			if !x.vary || d.joinVaries[i] {
				continue
			}
			x.step, x.stride = true, 0
			for k, a := range x.args {
				s, ok := d.strideAt(a, i)
				x.step = x.step && ok && (k == 0 || s == x.stride)
				x.stride = s
			}
		}
		for _, v := range d.code[i] {
			if x := d.values[v]; x.vary {
				x.stride, x.step = d.strideOf(x, i)
				x.near = !x.step && d.nearly(x, i)
			}
		}
	}
}

// strideAt is the stride of a value that is read in a node.
func (d *divergence) strideAt(v id, node int) (stride int32, ok bool) {
	x := d.values[v]
	switch {
	case !d.varies(v, node):
		return 0, true
	case x.vary:
		return x.stride, x.step
	}
	return 0, false
}

func (d *divergence) strideOf(x *value, node int) (stride int32, ok bool) {
	var s [3]int32
	for k, a := range x.args {
		if s[k], ok = d.strideAt(a, node); !ok {
			return 0, false
		}
	}
	switch x.op {
	case isa.ADD:
		return s[0] + s[1], true
	case isa.SUB:
		return s[0] - s[1], true
	case isa.NEG:
		return -s[0], true
	case isa.MUL:
		if by := d.values[x.args[1]]; by.kind == constantValue {
			return s[0] * int32(by.word), true
		}
	case isa.SHL:
		if by := d.values[x.args[1]]; by.kind == constantValue {
			return s[0] << (by.word & 31), true
		}
	}
	return 0, false
}

// nearly says whether a value is one more for most next texels.
func (d *divergence) nearly(x *value, node int) bool {
	one := func(k int) bool {
		v := d.values[x.args[k]]
		s, ok := d.strideAt(x.args[k], node)
		return ok && s == 1 || v.near && !ok
	}
	same := func(k int) bool { return !d.varies(x.args[k], node) }
	switch x.op {
	case isa.ADD:
		return one(0) && same(1) || same(0) && one(1)
	case isa.SUB, isa.MOD, isa.AND, isa.MIN, isa.MAX:
		return one(0) && same(1)
	case isa.CLAMP:
		return one(0) && same(1) && same(2)
	}
	return false
}

// neighbours says whether what an instruction reads for neighbouring texels lies side
// by side, always or nearly.
func (d *divergence) neighbours(x *value) (next, near bool) {
	var along, across id
	switch x.op {
	case isa.LD, isa.LDT:
		along = x.args[0]
	case isa.LD2, isa.LDT2, isa.PEEK:
		along, across = x.args[0], x.args[1]
	default:
		return false, false
	}
	if across != 0 && d.varies(across, x.block) {
		return false, false
	}
	s, ok := d.strideAt(along, x.block)
	return ok && s == 1, !ok && d.values[along].near
}
