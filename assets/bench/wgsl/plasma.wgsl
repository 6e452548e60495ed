// A colour from a table by a formula of the texel and the frame.
struct Job { width: u32, height: u32, frame: u32 }

@group(0) @binding(0) var<storage, read_write> display: array<u32>;
@group(0) @binding(1) var<storage, read_write> writer: array<u32>;
@group(0) @binding(2) var<uniform> job: Job;

const colors = array<u32, 4>(0xFF000000u, 0xFFFF6633u, 0xFF3366FFu, 0xFFFFFFFFu);

@compute @workgroup_size(64, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if id.x >= job.width || id.y >= job.height {
    return;
  }
  let x = i32(id.x);
  let y = i32(id.y);
  var table = colors;
  let c = ((x * x + y * y) >> 4u) + (x ^ y) + 3 * i32(job.frame);
  let at = id.y * job.width + id.x;
  display[at] = table[c & 3];
  writer[at] = 1u;
}
