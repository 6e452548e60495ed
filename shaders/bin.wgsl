
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

// box_reach is the reach of what fills the rectangle from first to last.
fn box_reach(low: vec2<i32>, high: vec2<i32>, first: vec2<i32>, last: vec2<i32>) -> Reach {
    return Reach(
        all(first <= high) && all(last >= low) && all(first <= last),
        all(first <= low) && all(last >= high),
    );
}

// reach may say that a command covers some of the tile from low to high where it
// covers none, and that it does not cover all where it does.
fn reach(at: u32, low: vec2<i32>, high: vec2<i32>) -> Reach {
    let op = commands[at + CMD_OP] & 0xFFu;
    let a = vec2<i32>(argument(at, CMD_A), argument(at, CMD_B));
    let b = vec2<i32>(argument(at, CMD_C), argument(at, CMD_D));
    let one = vec2<i32>(1);
    switch op {
        case OP_CLS: { return Reach(true, true); }
        case OP_RECT: { return box_reach(low, high, a, a + b - one); }
        case OP_FILL: { return box_reach(low, high, a, a + b - one); }
        case OP_PLOT: { return box_reach(low, high, a, a); }
        case OP_BOX: {
            let outer = box_reach(low, high, a, a + b - one);
            let hollow = all(low > a) && all(high < a + b - one);
            return Reach(outer.some && !hollow, false);
        }
        case OP_LINE: {
            let box = box_reach(low, high, min(a, b), max(a, b));
            // How far texel p lies off the line, times its length: linear in p,
            // so a tile's corners have the extremes.
            let d = b - a;
            let x = vec2<i32>(low.x - a.x, high.x - a.x) * d.y;
            let y = vec2<i32>(low.y - a.y, high.y - a.y) * -d.x;
            let near = max(abs(d.x), abs(d.y));
            let least = min(x.x, x.y) + min(y.x, y.y);
            let most = max(x.x, x.y) + max(y.x, y.y);
            return Reach(box.some && least <= near && most >= -near, false);
        }
        case OP_CIRC, OP_RING: {
            let nearest = max(max(low - a, a - high), vec2<i32>(0));
            let furthest = max(abs(low - a), abs(high - a));
            let near = nearest.x * nearest.x + nearest.y * nearest.y;
            let far = furthest.x * furthest.x + furthest.y * furthest.y;
            let outer = b.x * b.x + b.x;
            let disc = Reach(b.x >= 0 && near <= outer, b.x >= 0 && far <= outer);
            if op == OP_CIRC {
                return disc;
            }
            return Reach(disc.some && (b.x == 0 || far > b.x * b.x - b.x), false);
        }
        case OP_BLIT: {
            let to = vec2<i32>(argument(at, CMD_E), argument(at, CMD_F));
            let size = vec2<i32>(vec2<u32>(job.width, job.height));
            return box_reach(low, high, to + max(-a, vec2<i32>(0)), to + min(b, size - a) - one);
        }
        case OP_TXT: {
            let length = argument(at, CMD_LEN);
            if job.pixel == 1u {
                let last = a + vec2<i32>(length * CELL_WIDTH - 1, GLYPH_HEIGHT - 1);
                return Reach(box_reach(low, high, a, last).some, false);
            }
            return box_reach(low, high, a, a + vec2<i32>(length - 1, 0));
        }
        default: { return Reach(false, false); } // LOG
    }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let across = tiles_across();
    if idle() || id.x >= across * job.rows {
        return;
    }
    let tile = job.top * across + id.x;
    let size = vec2<i32>(vec2<u32>(job.width, job.height));
    let low = vec2<i32>(vec2<u32>(tile % across, tile / across) * TILE);
    let high = min(low + vec2<i32>(i32(TILE)), size) - vec2<i32>(1);
    let at = tile * bin_words();
    let count = memory[ST_COMMANDS];
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
