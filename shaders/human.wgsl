
// What expand and present share: a human pixel of a display texel.

@group(0) @binding(0) var display: texture_2d<u32>;
// Opcode specs, sines, glyph ROM, palettes: the same for every machine.
@group(0) @binding(1) var<storage, read> tables: array<u32>;

fn unpack_rgb(rgb: u32) -> vec3<u32> {
    return vec3<u32>(rgb >> 16u, rgb >> 8u, rgb) & vec3<u32>(0xFFu);
}

// cell_color is pixel p (6 × 8) of a written cell.
fn cell_color(texel: vec4<u32>, p: vec2<u32>) -> vec3<u32> {
    // A row is a byte: five bits of glyph, and to their right none.
    let rows = tables[TABLE_ROM + texel.r * 2u + (p.y >> 2u)];
    let row = ((rows >> ((p.y & 3u) * 8u)) & 0x1Fu) << 1u;
    let inked = ((row >> (u32(GLYPH_WIDTH) - p.x)) & 1u) == 1u;
    return unpack_rgb(tables[select(TABLE_PAPER + texel.b, TABLE_INK + texel.g, inked)]);
}

// human_color is human pixel p of the canvas, 0…255 a channel. An untouched
// texel is black.
fn human_color(p: vec2<u32>, pixel_canvas: bool) -> vec3<u32> {
    let cell = vec2<u32>(u32(CELL_WIDTH), u32(CELL_HEIGHT));
    let at = p / cell;
    let t = textureLoad(display, vec2<i32>(select(at, p, pixel_canvas)), 0);
    let color = select(cell_color(t, p - at * cell), t.rgb, pixel_canvas);
    return select(vec3<u32>(0u), color, t.a != 0u);
}
