
// bin: one invocation per tile of 8 × 8 texels walks the job's commands from the
// last to the first and notes those that may cover a texel of the tile, so that
// raster walks only those. A command that covers the whole tile hides all older
// ones of the layers it writes: what a tile costs is bounded by what is seen of
// it, and not by how often it is drawn over.

// layers gives the layers that a command writes.
fn layers(command: u32) -> u32 {
    let op = commands[command * COMMAND_WORDS + CMD_OP] & 0xFFu;
    if op == OP_LOG {
        return 0u;
    }
    if job.pixel == 1u || op == OP_CLS || op == OP_FILL || op == OP_BLIT {
        return SETTLED;
    }
    return select(SETTLED_PAPER, SETTLED_TEXT, op == OP_TXT);
}

// Reach is whether a command covers some of a tile, or all of it.
struct Reach {
    some: bool,
    all: bool,
}

// reach may say that a command covers some of the tile from low to high where it
// covers none, and that it does not cover all where it does. The switch holds
// little: software drivers execute every case.
fn reach(at: u32, low: vec2<i32>, high: vec2<i32>) -> Reach {
    let op = commands[at + CMD_OP] & 0xFFu;
    let a = vec2<i32>(argument(at, CMD_A), argument(at, CMD_B));
    let b = vec2<i32>(argument(at, CMD_C), argument(at, CMD_D));
    let one = vec2<i32>(1);

    // A rectangle that holds what is drawn, and whether it is drawn in whole.
    var first = a;
    var last = a + b - one;
    var whole = false;
    switch op {
        case OP_CLS: {
            first = low;
            last = high;
            whole = true;
        }
        case OP_RECT, OP_FILL: { whole = true; }
        case OP_PLOT: { last = a; }
        case OP_LINE: { // as the host has worked it out: see on_line
            let steps = b.x - a.x;
            let end = vec2<i32>(b.x, a.y + floor_div(b.y + steps * argument(at, CMD_F), argument(at, CMD_E)));
            first = min(a, end);
            last = max(a, end);
            if commands[at + CMD_TEXT] == LINE_STEEP {
                first = first.yx;
                last = last.yx;
            }
        }
        case OP_TRI: {
            let c = vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
            first = min(min(a, b), c);
            last = max(max(a, b), c);
        }
        case OP_SPR: {
            let flags = commands[at + CMD_E];
            let size = select(b, b.yx, (flags & SPRITE_TURNED) != 0u);
            last = a + size * (i32((flags / SPRITE_SCALE) & 15u) + 1) - one;
        }
        case OP_CIRC, OP_RING: {
            first = a - vec2<i32>(b.x);
            last = a + vec2<i32>(b.x);
        }
        case OP_BLIT: {
            let to = vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
            let size = vec2<i32>(vec2<u32>(job.width, job.height));
            first = to + max(-a, vec2<i32>(0));
            last = to + min(b, size - a) - one;
            whole = true;
        }
        case OP_TXT: {
            let length = argument(at, CMD_LEN);
            last = a + vec2<i32>(length - 1, 0);
            if job.pixel == 1u {
                last = a + vec2<i32>(length * CELL_WIDTH - 1, GLYPH_HEIGHT - 1);
            }
        }
        case OP_BOX, OP_LOG: {} // LOG draws nothing, and is not asked for
        default: {} // no other opcode makes a command
    }
    var some = all(first <= high) && all(last >= low) && all(first <= last);
    var all_of_it = whole && all(first <= low) && all(last >= high);

    // What a rectangle says too little of.
    if op == OP_BOX {
        some = some && !(all(low > first) && all(high < last));
    } else if op == OP_CIRC || op == OP_RING {
        let nearest = max(max(low - a, a - high), vec2<i32>(0));
        let furthest = max(abs(low - a), abs(high - a));
        let far = furthest.x * furthest.x + furthest.y * furthest.y;
        let outer = b.x * b.x + b.x;
        some = some && nearest.x * nearest.x + nearest.y * nearest.y <= outer;
        all_of_it = op == OP_CIRC && b.x >= 0 && far <= outer;
        some = some && (op == OP_CIRC || b.x == 0 || far > b.x * b.x - b.x);
    }
    let clip_min = commands[at + CMD_CLIP_MIN];
    let clip_max = commands[at + CMD_CLIP_MAX];
    let clip_low = vec2<i32>(vec2<u32>(clip_min & 0xFFFFu, clip_min >> 16u));
    let clip_high = vec2<i32>(vec2<u32>(clip_max & 0xFFFFu, clip_max >> 16u)) - one;
    return Reach(
        some && all(clip_low <= high) && all(clip_high >= low),
        all_of_it && all(clip_low <= low) && all(clip_high >= high),
    );
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let across = tiles_across();
    if id.x >= across * job.rows {
        return;
    }
    let tile = job.top * across + id.x;
    let size = vec2<i32>(vec2<u32>(job.width, job.height));
    let low = vec2<i32>(vec2<u32>(tile % across, tile / across) * TILE);
    let high = min(low + vec2<i32>(i32(TILE)), size) - vec2<i32>(1);
    let at = tile * bin_words();
    let count = job.count;
    var hidden = 0u;
    if count > job.last { // not the newest commands
        hidden = bins[at + BIN_HIDDEN];
    }
    let commands_here = min(count, job.last) - job.first;
    var word = (commands_here + 31u) / 32u;
    loop {
        if word == 0u || hidden == SETTLED {
            break;
        }
        word -= 1u;
        var text = 0u;
        var paper = 0u;
        var left = min(32u, commands_here - word * 32u);
        loop {
            // A loop of its own, so that finding the next command costs little.
            loop {
                if left == 0u || (layers(job.first + word * 32u + left - 1u) & ~hidden) != 0u {
                    break;
                }
                left -= 1u;
            }
            if left == 0u {
                break;
            }
            left -= 1u;
            let command = reach((job.first + word * 32u + left) * COMMAND_WORDS, low, high);
            if command.some {
                let seen = layers(job.first + word * 32u + left) & ~hidden;
                text |= select(0u, 1u << left, (seen & SETTLED_TEXT) != 0u);
                paper |= select(0u, 1u << left, (seen & SETTLED_PAPER) != 0u);
                hidden |= select(0u, seen, command.all);
            }
        }
        bins[at + BIN_WORDS + 2u * word] = text;
        bins[at + BIN_WORDS + 2u * word + 1u] = paper;
    }
    bins[at + BIN_HIDDEN] = hidden;
    bins[at + BIN_OLDEST] = word;
}
