package wasm

// What the host calls: a row, or several at once, which saves it the calls.

// firstRow is row(x0, x1, y): the row is written where Color and Put begin.
func firstRow(row int) *function {
	f := newFunction([]valueType{i32, i32, i32}, []valueType{i32})
	f.get(paramX0, paramX1, paramY)
	f.i32(0)
	f.call(row)
	return f
}

// rows is rows(x0, x1, y0, y1): texels [x0, x1) of rows [y0, y1), w words one behind the
// other. It gives the row that it stopped in, of which nothing is known, or y1.
func rows(row, w int) *function {
	f := newFunction([]valueType{i32, i32, i32, i32}, []valueType{i32})
	const x0, x1, y, y1 = local(0), local(1), local(2), local(3)
	out := f.local(i32)
	add := func(to local, n int32) {
		f.get(to)
		f.i32(n)
		f.op(opI32Add)
		f.set(to)
	}
	done := f.open(opBlock)
	next := f.open(opLoop)
	f.get(y, y1)
	f.op(opI32GeS)
	f.br(opBrIf, done)
	f.get(x0, x1, y, out)
	f.call(row)
	f.get(x1)
	f.op(opI32Ne)
	f.br(opBrIf, done)
	add(y, 1)
	add(out, int32(4*w))
	f.br(opBr, next)
	f.end()
	f.end()
	f.get(y)
	return f
}
