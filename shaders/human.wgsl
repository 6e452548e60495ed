
// What expand and present share: a human pixel of a display texel.

@group(0) @binding(0) var display: texture_2d<u32>;
// Opcode specs, sines, glyph ROM, palettes: the same for every machine.
@group(0) @binding(1) var<storage, read> tables: array<u32>;

fn unpack_rgb(rgb: u32) -> vec3<u32> {
    return vec3<u32>(rgb >> 16u, rgb >> 8u, rgb) & vec3<u32>(0xFFu);
}

// cell_color is pixel p (6 × 8) of a written cell.
fn cell_color(texel: vec4<u32>, p: vec2<u32>) -> vec3<u32> {
    if p.x < u32(GLYPH_WIDTH) && p.y < u32(GLYPH_HEIGHT) {
        let rows = tables[TABLE_ROM + texel.r * 2u + (p.y >> 2u)];
        if ((rows >> ((p.y & 3u) * 8u + 4u - p.x)) & 1u) == 1u {
            return unpack_rgb(tables[TABLE_INK + texel.g]);
        }
    }
    return unpack_rgb(tables[TABLE_PAPER + texel.b]);
}

// human_color is human pixel p of the canvas, 0…255 a channel. An untouched
// texel is black.
fn human_color(p: vec2<u32>, pixel_canvas: bool) -> vec3<u32> {
    if pixel_canvas {
        let t = textureLoad(display, vec2<i32>(p), 0);
        return select(vec3<u32>(0u), t.rgb, t.a != 0u);
    }
    let cell = vec2<u32>(u32(CELL_WIDTH), u32(CELL_HEIGHT));
    let t = textureLoad(display, vec2<i32>(p / cell), 0);
    if t.a == 0u {
        return vec3<u32>(0u);
    }
    return cell_color(t, p % cell);
}
