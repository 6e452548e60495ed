
// each: one invocation per display texel of an EACH's rectangle runs its block, whose
// statements stand in main.
//
// It is one stage of a frame among those of raster, and like them gives a texel what
// newer commands have left open of it; whether it fails counts even where it cannot
// be seen. An EACH that makes the whole picture alone hands nothing over.
//
// PIXEL, ALONE and ALWAYS are prepended: a software driver executes every branch of
// a shader.

// Put is what the block gives a texel: 0xRRGGBB, and the address of the PUT that gave
// it, 0 if there was none. A texel that is bad may have failed, and the rest says
// nothing then.
struct Put {
    color: u32,
    by: u32,
    bad: bool,
}

// paint is a colour as the canvas has it, and the layers that it writes.
fn paint(color: u32) -> Texel {
    let rgb = pixel_word(color);
    if PIXEL {
        return Texel(rgb, SETTLED);
    }
    return Texel(WRITTEN | (color_code(rgb) << 16u), SETTLED_PAPER);
}

@compute @workgroup_size(64, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let p = vec2<u32>(job.left + id.x, job.top + id.y);
    if p.x >= job.right || p.y >= job.bottom {
        return;
    }
    let index = p.y * WIDTH + p.x;
    var made = Put(0u, 0u, false);
    {
        let px = i32(p.x);
        let py = i32(p.y);
        // the block
    }
    let put = made;
    if put.bad {
        atomicMin(&faults[job.fault], index);
    }
    let painted = paint(put.color);
    if ALONE {
        if PIXEL && ALWAYS {
            writer[index] = put.by;
            drawn[index] = painted.word;
        } else {
            var texel = Texel(0u, 0u);
            if put.by != 0u {
                writer[index] = put.by;
                texel = settle(texel, painted.word, painted.settled);
            }
            drawn[index] = settle(texel, began[index], SETTLED).word;
        }
        return;
    }
    let handed = handover[index];
    let texel = Texel(handed | WRITTEN, handed >> 24u);
    if put.by != 0u && texel.settled != SETTLED {
        if texel.settled == 0u {
            writer[index] = put.by;
        }
        let now = settle(texel, painted.word, painted.settled);
        handover[index] = (now.word & 0xFFFFFFu) | (now.settled << 24u);
        if now.settled == SETTLED {
            drawn[index] = now.word;
        }
    }
}
