
// expand: one invocation per row of a display texel (six human pixels of a cell,
// one of a pixel) makes the human texture of the display page, or, of one too
// large to hold at once, the band of rows from top on. An untouched texel is
// black.

@compute @workgroup_size(16, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= band.texels || id.y >= band.rows {
        return;
    }
    var unit = vec2<u32>(u32(CELL_WIDTH), u32(CELL_HEIGHT));
    if band.pixel == 1u {
        unit = vec2<u32>(1u);
    }
    let y = id.y + band.top;
    let t = display_texel(y / unit.y * band.texels + id.x);
    var row = glyph_row(t.r, y % unit.y);
    var ink = unpack_rgb(tables[TABLE_INK + t.g]);
    var paper = unpack_rgb(tables[TABLE_PAPER + t.b]);
    if band.pixel == 1u {
        row = 0u;
        paper = t.rgb;
    }
    if t.a == 0u {
        ink = vec3<u32>(0u);
        paper = ink;
    }
    for (var i = 0u; i < unit.x; i += 1u) {
        let color = select(paper, ink, inked(row, i));
        textureStore(human, vec2<i32>(vec2<u32>(id.x * unit.x + i, id.y)), vec4<f32>(vec3<f32>(color) / 255.0, 1.0));
    }
}
