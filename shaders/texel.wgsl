
// What raster and the shader of an EACH share: how a texel's layers are settled, the
// newest first, and how a texel is stored.

const SETTLED_TEXT = 1u;
const SETTLED_PAPER = 2u;
const SETTLED = 3u;

// A texel in the making: glyph, ink, paper or R, G, B in the low 24 bits, A
// above them, and which layers it has.
struct Texel {
    word: u32,
    settled: u32,
}

// color_code gives the code of a texel's colour, rounded to six levels a channel.
fn color_code(texel: u32) -> u32 {
    let channels = vec3<u32>(texel, texel >> 8u, texel >> 16u) & vec3<u32>(0xFFu);
    let levels = (channels * 5u + 127u) / 255u;
    return 1u + 36u * levels.x + 6u * levels.y + levels.z;
}

fn pixel_word(rgb: u32) -> u32 {
    return ((rgb >> 16u) & 0xFFu) | (rgb & 0xFF00u) | ((rgb & 0xFFu) << 16u) | WRITTEN;
}

// settle gives a texel the layers of word that it has not got.
fn settle(t: Texel, word: u32, layers: u32) -> Texel {
    var mask = 0u;
    if (layers & ~t.settled & SETTLED_TEXT) != 0u {
        mask |= 0xFFFFu;
    }
    if (layers & ~t.settled & SETTLED_PAPER) != 0u {
        mask |= 0xFF0000u;
    }
    if t.settled == 0u {
        mask |= 0xFF000000u;
    }
    return Texel((t.word & ~mask) | (word & mask), t.settled | layers);
}

// glyph_bit says whether a pixel of a 5 × 7 glyph is set.
fn glyph_bit(code: u32, x: u32, y: u32) -> bool {
    let rows = tables[TABLE_ROM + code * 2u + (y >> 2u)];
    return ((rows >> ((y & 3u) * 8u + 4u - x)) & 1u) == 1u;
}
