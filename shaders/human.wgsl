
// What expand and present share: how a cell of the display page looks.

// display_texel is a texel of the display page, as its four channels.
fn display_texel(at: u32) -> vec4<u32> {
    let word = display[at];
    return vec4<u32>(word, word >> 8u, word >> 16u, word >> 24u) & vec4<u32>(0xFFu);
}

fn unpack_rgb(rgb: u32) -> vec3<u32> {
    return vec3<u32>(rgb >> 16u, rgb >> 8u, rgb) & vec3<u32>(0xFFu);
}

// glyph_row is row y of the cell of a glyph: six bits, the leftmost pixel
// highest, that are set where the ink is. The last bit and the last row are
// paper.
fn glyph_row(code: u32, y: u32) -> u32 {
    let rows = tables[TABLE_ROM + code * 2u + (y >> 2u)];
    return ((rows >> ((y & 3u) * 8u)) & 0x1Fu) << 1u;
}

// inked says whether pixel x of a glyph's row is ink.
fn inked(row: u32, x: u32) -> bool {
    return ((row >> (u32(CELL_WIDTH) - 1u - x)) & 1u) == 1u;
}
