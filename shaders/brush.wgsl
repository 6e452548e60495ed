
// brush: what machines of a batch draw. A command is a box of texels, inside the clip,
// in a word of which the mask says what is written. The variables are core.wgsl's.

// Texel at is next, of a box from box_min to before box_max.
var<private> at: vec2<i32>;
var<private> box_min: vec2<i32>;
var<private> box_max: vec2<i32>;
var<private> paint: u32;
var<private> mask: u32;

const ALL = 0xFFFFFFFFu;
const PAPER = 0xFFFF0000u; // of a cell
const TEXT = 0xFF00FFFFu; // its glyph and ink

// coordinate clamps one that the camera has moved already.
fn coordinate(v: i32) -> i32 {
    return clamp(v, COORD_MIN, COORD_MAX);
}

// peek is the texel as the frame began; 0 off the canvas.
fn peek(x: i32, y: i32) -> i32 {
    if x < 0 || y < 0 || x >= size.x || y >= size.y {
        return 0;
    }
    let t = memory[began + u32(y * size.x + x)];
    return i32(select(t & 0xFFFFFFu, pixel_word(t) & 0xFFFFFFu, pixel));
}

fn set_clip() {
    if (header & 0xFF00u) == 0u {
        memory[state + ST_CLIP] = 0u;
        memory[state + ST_CLIP_END] = 0u;
        return;
    }
    let corner = vec2<i32>(coordinate(arg0), coordinate(arg1));
    var first = max(corner, vec2<i32>(0));
    var end = min(corner + vec2<i32>(coordinate(arg2), coordinate(arg3)), size);
    if any(first >= end) {
        first = vec2<i32>(0);
        end = vec2<i32>(0);
    }
    memory[state + ST_CLIP] = CLIP_SET | u32(first.x) | (u32(first.y) << 16u);
    memory[state + ST_CLIP_END] = u32(end.x) | (u32(end.y) << 16u);
}

// canvas_color is a 24-bit colour as a command has it.
fn canvas_color(color: u32) -> u32 {
    return select(color_code(pixel_word(color)), color & 0xFFFFFFu, pixel);
}

// default_color is the colour of a draw that has none of its own: the ink for text and
// on a pixel canvas, else the paper.
fn default_color(text: bool) -> u32 {
    if text || pixel {
        if ink == 0u {
            return select(0u, 0xFFFFFFu, pixel); // code 0, or white
        }
        return canvas_color(ink);
    }
    return canvas_color(select(paper, DEFAULT_PAPER, paper == 0u));
}

// draw begins the draw being executed: it works out the box. Until that is painted, the
// operands are what the command has.
fn draw() {
    let op = header & 0xFFu;
    let given = (header >> 8u) & 0xFFu;
    let required = spec & 7u;
    mode = RUNNING;
    arg4 = operand(4u);
    arg5 = operand(5u);
    arg6 = operand(6u);
    if status != STATUS_RUNNING {
        return;
    }
    let camera = vec2<i32>(bitcast<i32>(memory[state + ST_CAMERA_X]), bitcast<i32>(memory[state + ST_CAMERA_Y]));
    if op == OP_TXT {
        begin_text();
    }
    if op == OP_SPR {
        begin_sprite();
    }
    if command_count >= MAX_COMMANDS {
        fault(FAULT_COMMAND_LIMIT, i32(MAX_COMMANDS), 0);
    }
    if status != STATUS_RUNNING || mode == LEFT {
        return;
    }
    command_count += 1u;
    pc = next_pc;

    var color = default_color(op == OP_TXT);
    if given > required && op != OP_SPR && op != OP_TXT {
        var own = arg0; // CLS
        if required == 2u { own = arg2; }
        if required == 3u { own = arg3; }
        if required == 4u { own = arg4; }
        if required == 6u { own = arg6; }
        color = canvas_color(bitcast<u32>(own));
    }
    paint = select(WRITTEN | (color << 16u), pixel_word(color), pixel);
    mask = select(PAPER, ALL, pixel);

    let a = vec2<i32>(arg0, arg1) - select(vec2<i32>(0), camera, op != OP_BLIT);
    let corner = vec2<i32>(coordinate(a.x), coordinate(a.y));
    let extent = vec2<i32>(coordinate(arg2), coordinate(arg3));
    box_min = corner;
    box_max = corner + extent;
    mode = FILLING;
    switch op {
        case OP_CLS: {
            box_min = vec2<i32>(0);
            box_max = size;
            mask = ALL;
            paint = select(paint, WRITTEN, given == 0u);
        }
        case OP_RECT: {}
        case OP_FILL: { mask = ALL; }
        case OP_PLOT: { box_max = box_min + vec2<i32>(1); }
        case OP_BOX: {
            arg0 = corner.x;
            arg1 = corner.y;
            arg2 = box_max.x - 1;
            arg3 = box_max.y - 1;
            mode = COVERING;
        }
        case OP_CIRC, OP_RING: {
            arg0 = corner.x;
            arg1 = corner.y;
            arg2 = extent.x;
            box_min = corner - vec2<i32>(extent.x);
            box_max = corner + vec2<i32>(extent.x + 1);
            mode = COVERING;
        }
        case OP_BLIT: {
            let to = vec2<i32>(arg4, arg5) - camera;
            arg4 = coordinate(to.x);
            arg5 = coordinate(to.y);
            arg0 = corner.x - arg4; // from a texel to its source
            arg1 = corner.y - arg5;
            box_min = vec2<i32>(arg4, arg5);
            box_max = box_min + extent;
            mask = ALL;
            mode = COVERING;
        }
        case OP_LINE: { begin_line(a, vec2<i32>(arg2, arg3) - camera); }
        case OP_TRI: { begin_triangle(a, vec2<i32>(arg2, arg3) - camera, vec2<i32>(arg4, arg5) - camera); }
        case OP_SPR: {
            let place = vec2<i32>(arg4, arg5) - camera;
            box_min = vec2<i32>(coordinate(place.x), coordinate(place.y));
            arg4 = box_min.x;
            arg5 = box_min.y;
            let scale = i32((bitcast<u32>(arg6) / SPRITE_SCALE) & 15u) + 1;
            let shape = vec2<i32>(arg1 & 0xFFFF, i32(bitcast<u32>(arg1) >> 16u));
            box_max = box_min + scale * select(shape, shape.yx, (bitcast<u32>(arg6) & SPRITE_TURNED) != 0u);
            mode = COVERING;
        }
        case OP_TXT: {
            arg0 = corner.x;
            arg1 = corner.y;
            box_max = corner + select(vec2<i32>(arg3, 1), vec2<i32>(arg3 * CELL_WIDTH, GLYPH_HEIGHT), pixel);
            paint = select(WRITTEN | (color << 8u), paint, pixel);
            mask = select(TEXT, ALL, pixel);
            mode = READING;
        }
        default: { mode = LEFT; } // forgotten here
    }
    let steep = op == OP_LINE && arg5 != 0;
    let clip = memory[state + ST_CLIP];
    let clip_end = memory[state + ST_CLIP_END];
    let clipped = (clip & CLIP_SET) != 0u;
    let first = select(vec2<u32>(0u), vec2<u32>(clip & 0x7FFFu, (clip >> 16u) & 0x7FFFu), clipped);
    let end = select(vec2<u32>(size), vec2<u32>(clip_end & 0xFFFFu, clip_end >> 16u), clipped);
    let origin = vec2<i32>(first);
    let to = vec2<i32>(end);
    if op == OP_LINE {
        // Along its longer axis it is in the clip; across, each texel is looked at.
        box_min.x = max(box_min.x, select(origin.x, origin.y, steep));
        box_max.x = min(box_max.x, select(to.x, to.y, steep));
        arg6 = i32(first.x | (first.y << 16u));
        arg4 = i32(end.x | (end.y << 16u));
    } else {
        box_min = max(box_min, origin);
        box_max = min(box_max, to);
    }
    at = box_min;
    if mode != READING && mode != LEFT && any(box_min >= box_max) {
        mode = RUNNING;
    }
}

// put writes a texel of the display.
fn put(index: u32, word: u32) {
    memory[display + index] = (memory[display + index] & ~mask) | (word & mask);
}

// onward goes on from texel at, so many to the right, and to the next row.
fn onward(step: i32) {
    at.x += step;
    if at.x >= box_max.x {
        at = vec2<i32>(box_min.x, at.y + 1);
    }
    if at.y >= box_max.y {
        mode = RUNNING;
    }
}

// fill paints up to four texels of a box.
fn fill() {
    let row = u32(at.y * size.x);
    let last = row + u32(box_max.x) - 1u;
    let first = row + u32(at.x);
    put(first, paint);
    put(min(first + 1u, last), paint);
    put(min(first + 2u, last), paint);
    put(min(first + 3u, last), paint);
    onward(4);
}

// cover paints a texel of a box if it is one of the shape.
fn cover() {
    let op = header & 0xFFu;
    var p = at;
    var word = paint;
    var covers = false;
    let d = at - vec2<i32>(arg0, arg1);
    let square = d.x * d.x + d.y * d.y;
    switch op {
        case OP_BOX: { covers = d.x == 0 || d.y == 0 || at.x == arg2 || at.y == arg3; }
        case OP_CIRC: { covers = arg2 >= 0 && square <= arg2 * arg2 + arg2; }
        case OP_RING: {
            covers = arg2 >= 0 && square <= arg2 * arg2 + arg2 && (arg2 == 0 || square > arg2 * arg2 - arg2);
        }
        case OP_BLIT: {
            let source = at + vec2<i32>(arg0, arg1);
            covers = all(source >= vec2<i32>(0)) && all(source < size);
            word = memory[began + select(0u, u32(source.y * size.x + source.x), covers)];
        }
        case OP_LINE: {
            let parts = (at.x - arg2) * arg0 + arg3 / 2;
            p = vec2<i32>(at.x, arg1 + floor_div(parts, arg3));
            p = select(p, p.yx, arg5 != 0);
            let first = bitcast<u32>(arg6);
            let end = bitcast<u32>(arg4);
            covers = all(p >= vec2<i32>(vec2<u32>(first & 0xFFFFu, first >> 16u)))
                && all(p < vec2<i32>(vec2<u32>(end & 0xFFFFu, end >> 16u)));
        }
        case OP_TRI: {
            let a = vec2<i32>(arg0, arg1);
            let b = vec2<i32>(arg2, arg3);
            let c = vec2<i32>(arg4, arg5);
            covers = edge(a, b, at) >= 0 && edge(b, c, at) >= 0 && edge(c, a, at) >= 0;
        }
        case OP_SPR: {
            let t = sprite_texel(at - vec2<i32>(arg4, arg5));
            covers = (t >> 24u) == 255u;
            word = select(WRITTEN | (color_code(t) << 16u), t, pixel);
        }
        case OP_TXT: {
            let column = select(d.x, d.x / CELL_WIDTH, pixel);
            let texel = batch[program + u32(arg2 + clamp(column, 0, arg3 - 1))] & 0xFFu;
            let code = select(texel, UNKNOWN_GLYPH, texel < 32u || texel > 126u);
            let x = d.x - column * CELL_WIDTH;
            covers = !pixel || (x < GLYPH_WIDTH && glyph_bit(code, u32(x) & 7u, u32(d.y) & 7u));
            word = select(paint | code, paint, pixel);
        }
        default: {}
    }
    if covers {
        put(u32(p.y * size.x + p.x), word);
    }
    onward(1);
}
