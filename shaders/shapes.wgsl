
// shapes: the draws of a machine of a batch that are more than a box. The variables are
// core.wgsl's.

// far says whether an end of a line or a corner of a triangle is so far off that it
// takes more than 32 bits to tell what they cover.
fn far(p: vec2<i32>) -> bool {
    return any(p < vec2<i32>(COORD_MIN)) || any(p > vec2<i32>(COORD_MAX));
}

// begin_text finds the text of TXT, whose first character is number arg2 of the program
// and which has arg3.
fn begin_text() {
    let count = batch[program + next_pc];
    arg2 = i32(next_pc + 1u);
    arg3 = i32(count);
    if count > MAX_PROGRAM_WORDS || next_pc + 1u + count > code_end {
        mode = LEFT;
        return;
    }
    next_pc += 1u + count;
    cursor = 0u;
}

// read_character looks at the next character of a text. A text with a value in it is
// left.
fn read_character() {
    if cursor == u32(arg3) {
        mode = select(COVERING, RUNNING, any(box_min >= box_max));
        return;
    }
    if (batch[program + u32(arg2) + cursor] >> 24u) >= 254u {
        mode = LEFT;
    }
    cursor += 1u;
}

// begin_sprite finds the frame of SPR: its first texel is number arg0 of the program.
fn begin_sprite() {
    let shape = vec2<u32>(bitcast<u32>(arg1) & 0xFFFFu, bitcast<u32>(arg1) >> 16u);
    let texels = shape.x * shape.y;
    if arg3 < 0 || bitcast<u32>(arg3) >= bitcast<u32>(arg2) {
        fault(FAULT_ADDRESS_OUT_OF_RANGE, arg3, arg2);
        return;
    }
    // More than a program has is left: the reference says by how much.
    if max(shape.x, shape.y) > 0x7FFFu || texels > MAX_PROGRAM_WORDS || bitcast<u32>(arg3) > 0x7FFFu
        || bitcast<u32>(arg0) > MAX_PROGRAM_WORDS || bitcast<u32>(arg0) + bitcast<u32>(arg3) * texels + texels > program_words {
        mode = LEFT;
        return;
    }
    arg0 += arg3 * i32(texels);
}

// floor_div is a / b toward minus infinity, for b > 0.
fn floor_div(a: i32, b: i32) -> i32 {
    return a / b - select(0, 1, a % b < 0);
}

// begin_line works out a line: along its longer axis it goes from box_min.x, where it is at
// arg1 and arg2 parts of arg3 behind, and each step is arg0 parts. arg5 says that the
// axes are exchanged.
fn begin_line(a: vec2<i32>, b: vec2<i32>) {
    if far(a) || far(b) {
        mode = LEFT;
    }
    let d = abs(b - a);
    let steep = d.x < d.y;
    var p = select(a, a.yx, steep);
    var q = select(b, b.yx, steep);
    if q.x < p.x {
        let other = p;
        p = q;
        q = other;
    }
    let run = max(q.x - p.x, 1); // a point: any will do
    let rise = q.y - p.y;
    box_min = vec2<i32>(p.x, 0);
    box_max = vec2<i32>(q.x + 1, 1);
    arg0 = 2 * rise;
    arg1 = p.y;
    arg2 = p.x;
    arg3 = 2 * run;
    arg5 = select(0, 1, steep);
    mode = select(COVERING, LEFT, mode == LEFT);
}

// begin_triangle turns a triangle so that its inner side is the left one of each edge.
fn begin_triangle(a: vec2<i32>, b: vec2<i32>, c: vec2<i32>) {
    let area = edge(a, b, c);
    box_min = min(a, min(b, c));
    box_max = max(a, max(b, c)) + vec2<i32>(1);
    let p = select(b, c, area < 0);
    let q = select(c, b, area < 0);
    arg0 = a.x;
    arg1 = a.y;
    arg2 = p.x;
    arg3 = p.y;
    arg4 = q.x;
    arg5 = q.y;
    mode = COVERING;
    if area == 0 {
        box_max = box_min;
    }
    if far(a) || far(b) || far(c) {
        mode = LEFT;
    }
}

// edge is not negative where p is on the inner side of the edge from a to b, or on it.
fn edge(a: vec2<i32>, b: vec2<i32>, p: vec2<i32>) -> i32 {
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

// sprite_texel gives the texel that a sprite has at d from its corner, as the
// program page has it.
fn sprite_texel(d: vec2<i32>) -> u32 {
    let flags = bitcast<u32>(arg6);
    let shape = vec2<i32>(arg1 & 0xFFFF, i32(bitcast<u32>(arg1) >> 16u));
    var t = d / vec2<i32>(i32((flags / SPRITE_SCALE) & 15u) + 1);
    if (flags & SPRITE_TURNED) != 0u {
        t = vec2<i32>(t.y, shape.y - 1 - t.x);
    }
    if (flags & SPRITE_FLIPPED) != 0u {
        t.y = shape.y - 1 - t.y;
    }
    if (flags & SPRITE_MIRRORED) != 0u {
        t.x = shape.x - 1 - t.x;
    }
    return batch[program + u32(arg0 + t.y * shape.x + t.x)];
}
