// Mandelbrot's set, 1024 is one.
struct Job { width: u32, height: u32, frame: u32 }

@group(0) @binding(0) var<storage, read_write> display: array<u32>;
@group(0) @binding(1) var<storage, read_write> writer: array<u32>;
@group(0) @binding(2) var<uniform> job: Job;

const colors = array<u32, 9>(0xFF000000u, 0xFF440011u, 0xFF880022u, 0xFFCC0044u, 0xFFFF0088u,
  0xFFCC44CCu, 0xFF4488FFu, 0xFF22CCFFu, 0xFFFFFFFFu);

@compute @workgroup_size(64, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if id.x >= job.width || id.y >= job.height {
    return;
  }
  let cr = (i32(id.x) - 64) * 48;
  let ci = (i32(id.y) - 32) * 64;
  var zr = 0;
  var zi = 0;
  var turns = 0;
  while turns < 40 && zr * zr + zi * zi < 4194304 {
    let t = ((zr * zr - zi * zi) >> 10u) + cr;
    zi = ((2 * zr * zi) >> 10u) + ci;
    zr = t;
    turns++;
  }
  var table = colors;
  let at = id.y * job.width + id.x;
  display[at] = table[turns * 8 / 40];
  writer[at] = 1u;
}
