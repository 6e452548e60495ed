
// The block of the EACH at work, from the kernel.
const WIDTH = 40u;
const HEIGHT = 30u;

fn began_value(word: u32) -> u32 {
    return ((word & 0xFFu) << 16u) | (word & 0xFF00u) | ((word >> 16u) & 0xFFu);
}

// peek is the texel as the frame began; 0 off the canvas.
fn peek(x: i32, y: i32) -> i32 {
    let inside = (u32(x) < WIDTH) & (u32(y) < HEIGHT);
    let word = began[select(0u, u32(y) * WIDTH + u32(x), inside)];
    return select(0i, i32(began_value(word)), inside);
}

        var frame = job.captures[0].x;
        var color = 0i;
        var put = 0u;
        var at = 0u; // the block that a texel waits for
        let v3 = py + (-1i);
        if px > frame {
            if py <= 3i {
                let v4 = peek(px, v3);
                if v4 == 0i {
                    at = 4u;
                }
            }
            if at <= 3u {
                color = 0xFFFFFFi;
                put = 41u;
                at = 7u;
            }
        }
        if at <= 4u {
            let v5 = px & 1i;
            if v5 != 0i {
                color = 0xFF0000i;
                put = 52u;
            } else {
                color = 0i;
                put = 56u;
            }
        }
        made = Put(u32(color), put, false);
