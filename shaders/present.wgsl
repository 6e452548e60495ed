
// present: a render pass that draws a view of a texture at a panel's size. Each
// panel pixel averages the texels it shows by the area each has in it.
//
// Which texels those are, and how much of each, is worked out per row and per
// column on the host, in double precision, and comes in the axes buffer; so this
// stage is whole numbers alone and gives what the Go reference gives. A panel
// costs its pixels, never the size of a texture: a human texture that would be
// too large to hold is worked out where it is looked at.
//
// SHOW and LIT are prepended: there is a pipeline for each kind of texture, for a
// software driver executes every branch of a shader.

// axes holds a word for each panel column: the index of its first tap, in bits
// 24–27 how many it has, in bit 31 whether a grid line is on it. Then for each row
// that is drawn (each row of the panel that does not look as the one above) such a
// word, and which row of the panel it is. Then the taps: texel + 1, or 0 for
// outside the texture, and from bit 16 on the weight; the weights of a column come
// to 128, those of a row to 64. For SHOW_CELLS a texel is cell * 8 + its place in
// the cell.

@vertex
fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the panel.
    return vec4<f32>(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

fn texel_color(p: vec2<u32>) -> vec3<u32> {
    var color: vec3<u32>;
    var at = p.y * view.width + p.x;
    if SHOW == SHOW_HUMAN {
        color = vec3<u32>(textureLoad(human, vec2<i32>(p), 0).rgb * 255.0 + 0.5);
        at = p.y / u32(CELL_HEIGHT) * view.width + p.x / u32(CELL_WIDTH);
    } else if SHOW == SHOW_CELLS {
        let cell = p >> vec2<u32>(3u);
        at = cell.y * view.width + cell.x;
        let t = display_texel(at);
        let part = p & vec2<u32>(7u);
        let ink = inked(glyph_row(t.r, part.y), part.x);
        color = unpack_rgb(tables[select(TABLE_PAPER + t.b, TABLE_INK + t.g, ink)]);
        color = select(vec3<u32>(0u), color, t.a != 0u);
    } else if SHOW == SHOW_PIXELS {
        let t = display_texel(at);
        color = select(vec3<u32>(0u), t.rgb, t.a != 0u);
    } else if SHOW == SHOW_DISPLAY {
        color = display_texel(at).rgb;
    } else if SHOW == SHOW_DISPLAY_MEANING {
        let t = display_texel(at);
        let glyph = (tables[TABLE_ROM + t.r * 2u] | tables[TABLE_ROM + t.r * 2u + 1u]) & 0x1F1F1F1Fu;
        color = unpack_rgb(tables[select(TABLE_PAPER + t.b, TABLE_INK + t.g, glyph != 0u)]);
        color = select(vec3<u32>(0u), color, t.a != 0u);
    } else if SHOW == SHOW_WRITER_MEANING {
        color = unpack_rgb(select(0u, (((writer[at] * 2654435769u) >> 1u) & 0x7F7F7Fu) + 0x505050u, writer[at] != 0u));
    } else {
        var word = 0u;
        if SHOW == SHOW_WRITER {
            word = writer[at];
        } else if at < view.words {
            word = page[at];
        }
        color = vec3<u32>(word, word >> 8u, word >> 16u) & vec3<u32>(0xFFu);
    }
    if LIT {
        let by = writer[at];
        if by < view.lit_from || by >= view.lit_to {
            color >>= vec3<u32>(2u);
        }
    }
    return color;
}

// on_frame says whether panel pixel p is on the outline of the rectangle whose
// corners are f.xy and f.zw, both included.
fn on_frame(p: vec2<i32>, f: vec4<i32>) -> bool {
    let inside = all(p >= f.xy) && all(p <= f.zw);
    return inside && (any(p == f.xy) || any(p == f.zw));
}

@fragment
fn pixel(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let drawn = vec2<u32>(position.xy);
    let column = axes[drawn.x];
    let row = axes[view.panel_width + 2u * drawn.y];
    let first_column = column & 0xFFFFFFu;
    let first_row = row & 0xFFFFFFu;
    let columns = (column >> 24u) & 15u;
    let rows = (row >> 24u) & 15u;

    var sum = vec3<u32>(0u);
    for (var j = 0u; j < rows; j += 1u) {
        let v = axes[first_row + j];
        for (var i = 0u; i < columns; i += 1u) {
            let u = axes[first_column + i];
            let texel = vec2<u32>(u & 0xFFFFu, v & 0xFFFFu);
            var color = unpack_rgb(view.back);
            if texel.x != 0u && texel.y != 0u {
                color = texel_color(texel - vec2<u32>(1u));
            }
            sum += color * ((u >> 16u) * (v >> 16u));
        }
    }
    var color = (sum + vec3<u32>(0x1000u)) >> vec3<u32>(13u);

    let at = vec2<i32>(vec2<u32>(drawn.x, axes[view.panel_width + 2u * drawn.y + 1u]));
    if all(at >= view.grid.xy) && all(at <= view.grid.zw) {
        for (var lines = (column >> 31u) + (row >> 31u); lines > 0u; lines -= 1u) {
            color = (color * 7u + vec3<u32>(0x80u)) / 8u;
        }
    }
    if view.marked == 1u {
        if on_frame(at, view.mark) {
            color = vec3<u32>(255u);
        }
        if on_frame(at, view.mark + vec4<i32>(-1, -1, 1, 1)) {
            color = vec3<u32>(0u);
        }
    }
    return vec4<f32>(vec3<f32>(color) / 255.0, 1.0);
}
