
// bin: one invocation per tile of 8 × 8 texels and 32 commands says which of the
// commands may cover a texel of the tile, so that raster walks only those.

struct Box {
    low: vec2<i32>,
    high: vec2<i32>, // inclusive
}

// bounds is a rectangle that holds all that the command at word at draws; empty
// for one that draws nothing.
fn bounds(at: u32) -> Box {
    let op = commands[at + CMD_OP] & 0xFFu;
    let a = vec2<i32>(argument(at, CMD_A), argument(at, CMD_B));
    let b = vec2<i32>(argument(at, CMD_C), argument(at, CMD_D));
    switch op {
        case OP_CLS: { return Box(vec2<i32>(0), vec2<i32>(MAX_CANVAS)); }
        case OP_RECT, OP_FILL, OP_BOX: { return Box(a, a + b - vec2<i32>(1)); }
        case OP_PLOT: { return Box(a, a); }
        case OP_LINE: { return Box(min(a, b), max(a, b)); }
        case OP_CIRC, OP_RING: { return Box(a - vec2<i32>(b.x), a + vec2<i32>(b.x)); }
        case OP_BLIT: {
            let to = vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
            return Box(to, to + b - vec2<i32>(1));
        }
        case OP_TXT: {
            let length = argument(at, CMD_LEN);
            if job.pixel == 1u {
                return Box(a, a + vec2<i32>(length * CELL_WIDTH - 1, GLYPH_HEIGHT - 1));
            }
            return Box(a, a + vec2<i32>(length - 1, 0));
        }
        default: { return Box(vec2<i32>(0), vec2<i32>(-1)); } // LOG
    }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let across = tiles_across();
    let tiles = across * ((job.height + TILE - 1u) / TILE);
    if idle() || id.x >= tiles {
        return;
    }
    let low = vec2<i32>(vec2<u32>(id.x % across, id.x / across) * TILE);
    let high = low + vec2<i32>(i32(TILE) - 1);
    let first = job.first + id.y * 32u;
    let last = min(first + 32u, min(memory[ST_COMMANDS], job.last));
    var bits = 0u;
    for (var i = first; i < last; i += 1u) {
        let box = bounds(i * COMMAND_WORDS);
        if all(box.low <= high) && all(box.high >= low) && all(box.low <= box.high) {
            bits |= 1u << (i - first);
        }
    }
    bins[id.x * bin_words() + id.y] = bits;
}
