
// expand: one invocation per human pixel makes the human texture of the display
// page, or, of one too large to hold at once, the band of rows from top on.

struct Band {
    width: u32,
    rows: u32,
    top: u32,
    pixel: u32,
}

@group(0) @binding(2) var<uniform> band: Band;
@group(0) @binding(3) var human: texture_storage_2d<rgba8unorm, write>;

@compute @workgroup_size(64, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= band.width || id.y >= band.rows {
        return;
    }
    let color = human_color(vec2<u32>(id.x, id.y + band.top), band.pixel == 1u);
    textureStore(human, vec2<i32>(id.xy), vec4<f32>(vec3<f32>(color) / 255.0, 1.0));
}
