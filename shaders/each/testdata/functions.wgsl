
// The block of the EACH at work, from the kernel.
const WIDTH = 128u;
const HEIGHT = 64u;
const ST_KEYS = 24u;

// root is the floor of the square root; 0 below 1. The processor's own root is off
// by less than 1, which is put right.
fn root(a: i32) -> i32 {
    let n = u32(max(a, 0i));
    var r = min(u32(sqrt(f32(n))), 46340u);
    r -= select(0u, 1u, r * r > n);
    r += select(0u, 1u, (r + 1u) * (r + 1u) <= n);
    return i32(r);
}

// high is the upper half of the product of a and b.
fn high(a: u32, b: u32) -> u32 {
    let low = (a & 0xFFFFu) * (b & 0xFFFFu);
    let left = (a >> 16u) * (b & 0xFFFFu);
    let right = (a & 0xFFFFu) * (b >> 16u);
    let middle = (low >> 16u) + (left & 0xFFFFu) + (right & 0xFFFFu);
    return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u) + (middle >> 16u);
}

// mul_shift is the 64-bit product of a and b, shifted right by s & 63 keeping its
// sign, of which the low 32 bits are left.
fn mul_shift(a: i32, b: i32, s: i32) -> i32 {
    let upper = i32(high(u32(a), u32(b)) - select(0u, u32(b), a < 0i) - select(0u, u32(a), b < 0i));
    let lower = u32(a) * u32(b);
    let n = u32(s) & 31u;
    let both = (lower >> n) | select(0u, u32(upper) << (32u - max(n, 1u)), n > 0u);
    return select(i32(both), upper >> n, (u32(s) & 32u) != 0u);
}

fn magnitude(a: i32) -> u32 {
    return select(u32(a), 0u - u32(a), a < 0i);
}

// hash mixes the bits of n as PCG's output function does.
fn hash(n: i32) -> i32 {
    var w = u32(n) * 747796405u + 2891336453u;
    w = ((w >> ((w >> 28u) + 4u)) ^ w) * 277803737u;
    return i32((w >> 22u) ^ w);
}

// excess is how far x and y are shifted right together until both are at most 32767.
fn excess(x: u32, y: u32) -> u32 {
    return max(32u - countLeadingZeros(max(x, y)), 15u) - 15u;
}

// hypot is the length of (x, y).
fn hypot(x: i32, y: i32) -> i32 {
    let across = min(magnitude(x), 0x7FFFFFFFu);
    let down = min(magnitude(y), 0x7FFFFFFFu);
    let k = excess(across, down);
    let a = across >> k;
    let b = down >> k;
    return i32(min(u32(root(i32(a * a + b * b))) << k, 0x7FFFFFFFu));
}

fn smooth_step(t: i32) -> i32 {
    return (t * t * (768i - 2i * t)) >> 16u;
}

fn between(a: i32, b: i32, t: i32) -> i32 {
    return a + (((b - a) * t) >> 8u);
}

fn lattice(i: i32, j: i32) -> i32 {
    return hash(i + hash(j)) & 255i;
}

// noise is value noise, 0 to 255, whose lattice has a step of 256.
fn noise(x: i32, y: i32) -> i32 {
    let i = x >> 8u;
    let j = y >> 8u;
    let u = smooth_step(x & 255i);
    let top = between(lattice(i, j), lattice(i + 1i, j), u);
    let bottom = between(lattice(i, j + 1i), lattice(i + 1i, j + 1i), u);
    return between(top, bottom, smooth_step(y & 255i));
}

fn key(c: i32) -> i32 {
    let k = u32(c);
    let held = memory[ST_KEYS + ((k & 255u) >> 5u)];
    return select(0i, i32((held >> (k & 31u)) & 1u), k <= 255u);
}

        var frame = job.captures[0].x;
        var color = 0i;
        var put = 0u;
        let v5 = key(65i);
        let v2 = noise(px, py);
        let v3 = hypot(px, py);
        let v4 = v2 + v3;
        let v6 = v4 + v5;
        let v8 = mul_shift(px, frame, 8i);
        let v9 = v6 + v8;
        color = v9;
        put = 44u;
        made = Put(u32(color), put, false);
