
// raster: one invocation per display texel makes the display page of the frame.
//
// It walks the commands that bins has for its tile from the last to the first, so
// that the first one found to cover a layer of its texel is the last one written to
// it, and it stops when both layers are settled. On a cell canvas one layer is glyph
// and ink, the other the paper; what draws on a pixel canvas writes both.
//
// A frame of very many commands takes several dispatches, the newest commands
// first; handover tells the next one which layers are settled and how.

// argument is a coordinate of the command at word at.
fn argument(at: u32, word: u32) -> i32 {
    return bitcast<i32>(commands[at + word]);
}

// floor_div is a / b toward minus infinity, for b > 0.
fn floor_div(a: i32, b: i32) -> i32 {
    return a / b - select(0, 1, a % b < 0);
}

// on_line says whether p is on a line, which the host has worked out for this
// canvas: along its longer axis it goes from A to C, at A it is at B and D parts
// of E behind, and each step is F parts.
fn on_line(at: u32, p: vec2<i32>) -> bool {
    let q = select(p, p.yx, commands[at + CMD_TEXT] == LINE_STEEP);
    let step = q.x - argument(at, CMD_A);
    if step < 0 || q.x > argument(at, CMD_C) {
        return false;
    }
    let parts = argument(at, CMD_D) + step * argument(at, CMD_F);
    return q.y == argument(at, CMD_B) + floor_div(parts, argument(at, CMD_E));
}

// inner says whether p is on the inner side of the edge from a to b, or on it. The
// host has worked out start, the edge's value at (0, 0): whatever is farther than
// the canvas can reach is as good as any that is as far.
fn inner(start: u32, a: vec2<i32>, b: vec2<i32>, p: vec2<i32>) -> bool {
    return bitcast<i32>(start) + (b.x - a.x) * p.y - (b.y - a.y) * p.x >= 0;
}

// in_triangle says whether p is in the triangle a b c.
fn in_triangle(at: u32, a: vec2<i32>, b: vec2<i32>, p: vec2<i32>) -> bool {
    let c = vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
    return inner(commands[at + TRI_AB], a, b, p)
        && inner(commands[at + TRI_BC], b, c, p)
        && inner(commands[at + TRI_CA], c, a, p);
}

// sprite_texel gives the texel that a sprite has at d from its corner, as the
// program page has it; 0 outside.
fn sprite_texel(at: u32, d: vec2<i32>) -> u32 {
    let flags = commands[at + CMD_E];
    let size = vec2<i32>(argument(at, CMD_C), argument(at, CMD_D));
    var t = d / vec2<i32>(i32((flags / SPRITE_SCALE) & 15u) + 1);
    if (flags & SPRITE_TURNED) != 0u {
        t = vec2<i32>(t.y, size.y - 1 - t.x);
    }
    if any(d < vec2<i32>(0)) || any(t < vec2<i32>(0)) || any(t >= size) {
        return 0u;
    }
    if (flags & SPRITE_FLIPPED) != 0u {
        t.y = size.y - 1 - t.y;
    }
    if (flags & SPRITE_MIRRORED) != 0u {
        t.x = size.x - 1 - t.x;
    }
    return program[commands[at + CMD_F] + u32(t.y * size.x + t.x)];
}

// in_clip says whether a command may touch p.
fn in_clip(at: u32, p: vec2<i32>) -> bool {
    let low = commands[at + CMD_CLIP_MIN];
    let high = commands[at + CMD_CLIP_MAX];
    return all(p >= vec2<i32>(vec2<u32>(low & 0xFFFFu, low >> 16u)))
        && all(p < vec2<i32>(vec2<u32>(high & 0xFFFFu, high >> 16u)));
}

// character gives what character i of a text is drawn as.
fn character(at: u32, i: u32) -> u32 {
    let word = commands[at + CMD_TEXT] + i;
    var code: u32;
    if ((commands[at + CMD_OP] >> 8u) & CMD_FLAG_PAYLOAD) != 0u {
        code = commands[job.payload + word] & 0xFFu;
    } else {
        code = program[word] & 0xFFu;
    }
    return select(code, UNKNOWN_GLYPH, code < 32u || code > 126u);
}

// cover gives what the command at word at writes to texel p: the word, and the
// layers of it that count, 0 for none.
fn cover(at: u32, p: vec2<i32>) -> Texel {
    let op = commands[at + CMD_OP] & 0xFFu;
    let a = vec2<i32>(argument(at, CMD_A), argument(at, CMD_B));
    let b = vec2<i32>(argument(at, CMD_C), argument(at, CMD_D));
    let d = p - a;
    let inside = d.x >= 0 && d.y >= 0 && d.x < b.x && d.y < b.y;
    let color = commands[at + CMD_COLOR];
    var paint = WRITTEN | (color << 16u);
    var layers = SETTLED_PAPER;
    if job.pixel == 1u {
        paint = pixel_word(color);
        layers = SETTLED;
    }
    var covers = false;
    switch op {
        case OP_RECT: { covers = inside; }
        case OP_FILL: {
            covers = inside;
            layers = SETTLED;
        }
        case OP_BOX: {
            covers = inside && (d.x == 0 || d.y == 0 || d.x == b.x - 1 || d.y == b.y - 1);
        }
        case OP_PLOT: { covers = d.x == 0 && d.y == 0; }
        case OP_LINE: { covers = on_line(at, p); }
        case OP_TRI: { covers = in_triangle(at, a, b, p); }
        case OP_SPR: {
            let t = sprite_texel(at, d);
            covers = (t >> 24u) == 255u;
            if job.pixel == 1u {
                paint = t;
            } else {
                paint = WRITTEN | (color_code(t) << 16u);
            }
        }
        case OP_CIRC: { covers = b.x >= 0 && d.x * d.x + d.y * d.y <= b.x * b.x + b.x; }
        case OP_RING: {
            let square = d.x * d.x + d.y * d.y;
            covers = b.x >= 0 && square <= b.x * b.x + b.x && (b.x == 0 || square > b.x * b.x - b.x);
        }
        case OP_CLS: {
            covers = true;
            layers = SETTLED;
            if ((commands[at + CMD_OP] >> 8u) & CMD_FLAG_COLOR) == 0u {
                paint = WRITTEN;
            }
        }
        case OP_BLIT: {
            let to = p - vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
            let source = a + to;
            if to.x >= 0 && to.y >= 0 && to.x < b.x && to.y < b.y
                && source.x >= 0 && source.y >= 0
                && source.x < i32(job.width) && source.y < i32(job.height) {
                covers = true;
                layers = SETTLED;
                paint = began[u32(source.y) * job.width + u32(source.x)];
            }
        }
        case OP_TXT: {
            let length = i32(commands[at + CMD_LEN]);
            if job.pixel == 1u {
                if d.x >= 0 && d.y >= 0 && d.y < GLYPH_HEIGHT && d.x / CELL_WIDTH < length {
                    let column = d.x % CELL_WIDTH;
                    covers = column < GLYPH_WIDTH
                        && glyph_bit(character(at, u32(d.x / CELL_WIDTH)), u32(column), u32(d.y));
                }
            } else if d.y == 0 && d.x >= 0 && d.x < length {
                covers = true;
                layers = SETTLED_TEXT;
                paint = WRITTEN | (color << 8u) | character(at, u32(d.x));
            }
        }
        case OP_LOG: {} // draws nothing
        default: {} // no other opcode makes a command
    }
    return Texel(paint, select(0u, layers, covers && in_clip(at, p)));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
    let p = vec2<i32>(vec2<u32>(id.x, id.y + job.top * TILE));
    if id.x >= job.width || u32(p.y) >= job.height {
        return;
    }
    let index = u32(p.y) * job.width + id.x;
    var texel = Texel(0u, 0u);
    if job.newest == 0u {
        texel = Texel(handover[index] | WRITTEN, handover[index] >> 24u);
        if texel.settled == SETTLED {
            return; // an earlier dispatch has stored it
        }
    }
    let untouched = texel.settled == 0u;
    var by = 0u;

    let tile = (group.y + job.top) * ((job.width + TILE - 1u) / TILE) + group.x;
    let end = job.bins + bins[job.bins + tile + 1u];
    for (var i = job.bins + bins[job.bins + tile]; i < end && texel.settled != SETTLED; i += 1u) {
        let at = (job.first + bins[i]) * COMMAND_WORDS;
        let covered = cover(at, p);
        if covered.settled != 0u {
            by = select(by, commands[at + CMD_PC], texel.settled == 0u);
            texel = settle(texel, covered.word, covered.settled);
        }
    }

    if untouched && texel.settled != 0u {
        writer[index] = by;
    }
    if job.oldest == 1u {
        texel = settle(texel, began[index], SETTLED);
    } else {
        handover[index] = (texel.word & 0xFFFFFFu) | (texel.settled << 24u);
    }
    if texel.settled == SETTLED {
        drawn[index] = texel.word;
    }
}
