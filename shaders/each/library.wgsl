// divisor is b where a can be divided by it as isa.Alu does, and 1 elsewhere: a / 1 is
// what −2³¹ / −1 is, and nobody looks at the quotient of a zero divisor.
fn divisor(a: i32, b: i32) -> i32 {
    return select(b, 1i, (b == 0i) | ((b == -1i) & (a == LEAST)));
}

// passed says whether a FOR loop has passed its limit.
fn passed(i: i32, limit: i32, step: i32) -> bool {
    return select(i > limit, i < limit, step < 0i);
}

fn sgn(a: i32) -> i32 {
    return select(0i, 1i, a > 0i) - select(0i, 1i, a < 0i);
}

fn sine(t: i32) -> i32 {
    return i32(tables[TABLE_SIN + (u32(t) & 1023u)]);
}

fn cosine(t: i32) -> i32 {
    return i32(tables[TABLE_SIN + (u32(t + 256i) & 1023u)]);
}

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

// div_shift is a · 2^(s & 31) divided by b toward zero, in 64 bits, of which the low 32
// are left. It divides two digits of 16 bits at a time by the divisor, which is
// moved up until its first bit is set, as one does by hand: a digit that is guessed
// from the first half of the divisor is at most two too large.
fn div_shift(a: i32, b: i32, s: i32) -> i32 {
    let n = u32(s) & 31u;
    let dividend = magnitude(a);
    let by = select(magnitude(b), 1u, b == 0i);
    let top = select(0u, dividend >> (32u - max(n, 1u)), n > 0u) % by;
    let bottom = dividend << n;

    let up = countLeadingZeros(by);
    let d = by << up;
    let first = (top << up) | select(0u, bottom >> (32u - max(up, 1u)), up > 0u);
    let second = bottom << up;
    let upper = digit(first, second >> 16u, d);
    let rest = (first << 16u) + (second >> 16u) - upper * d;
    let lower = digit(rest, second & 0xFFFFu, d);

    let q = (upper << 16u) + lower;
    return i32(select(q, 0u - q, (a < 0i) != (b < 0i)));
}

// digit is (n · 65536 + next) / d, for n < d.
fn digit(n: u32, next: u32, d: u32) -> u32 {
    let d1 = d >> 16u;
    let d0 = d & 0xFFFFu;
    var q = n / max(d1, 1u);
    var rest = n - q * d1;
    let over = (q >= 0x10000u) | (q * d0 > (rest << 16u) + next);
    q -= select(0u, 1u, over);
    rest += select(0u, d1, over);
    let still = (rest < 0x10000u) & ((q >= 0x10000u) | (q * d0 > (rest << 16u) + next));
    return q - select(0u, 1u, still);
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

// angle is that of (x, y) in 1024ths of a turn; 0 for (0, 0).
fn angle(y: i32, x: i32) -> i32 {
    let across = min(magnitude(x), 0x7FFFFFFFu);
    let down = min(magnitude(y), 0x7FFFFFFFu);
    let k = excess(across, down);
    let small = min(across, down) >> k;
    let large = max(across, down) >> k;
    var turn = i32(tables[TABLE_ATAN + min((small * 1024u + large / 2u) / max(large, 1u), 1024u)]);
    turn = select(turn, 256i - turn, (down >> k) > (across >> k));
    turn = select(turn, 512i - turn, x < 0i);
    turn = select(turn, (1024i - turn) & 1023i, y < 0i);
    return select(turn, 0i, large == 0u);
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

fn channel(v: i32) -> i32 {
    return max(0i, min(255i, v));
}

fn pack(r: i32, g: i32, b: i32) -> i32 {
    return (r << 16u) | (g << 8u) | b;
}

fn rgb(r: i32, g: i32, b: i32) -> i32 {
    return pack(channel(r), channel(g), channel(b));
}

// hsv is the colour of a hue in 1024ths of a turn, a saturation and a brightness.
fn hsv(h: i32, saturation: i32, brightness: i32) -> i32 {
    let s = channel(saturation);
    let v = channel(brightness);
    let t = (h & 1023i) * 6i;
    let i = t >> 10u;
    let f = t & 1023i;
    let p = v * (255i - s) / 255i;
    let falling = v * (261120i - s * f) / 261120i;
    let rising = v * (261120i - s * (1024i - f)) / 261120i;
    let r = select(select(p, select(rising, v, i == 5i), i >= 4i), select(falling, v, i == 0i), i <= 1i);
    let g = select(select(p, falling, i == 3i), select(v, rising, i == 0i), i <= 2i);
    let b = select(select(p, rising, i == 2i), select(v, falling, i == 5i), i >= 3i);
    return pack(r, g, b);
}

fn mix_channel(c: i32, d: i32, t: i32, shift: u32) -> i32 {
    return (((c >> shift) & 255i) * (256i - t) + ((d >> shift) & 255i) * t) >> 8u;
}

// mix_colors is a colour on the way from c to d: t, held within 0 and 256, is how far.
fn mix_colors(c: i32, d: i32, t: i32) -> i32 {
    let part = max(0i, min(256i, t));
    return pack(mix_channel(c, d, part, 16u), mix_channel(c, d, part, 8u), mix_channel(c, d, part, 0u));
}

fn key(c: i32) -> i32 {
    let k = u32(c);
    let held = memory[ST_KEYS + ((k & 255u) >> 5u)];
    return select(0i, i32((held >> (k & 31u)) & 1u), k <= 255u);
}

fn key_pressed(c: i32) -> i32 {
    let k = u32(c);
    let at = (k & 255u) >> 5u;
    let went = memory[ST_KEYS + at] & ~memory[ST_KEYS_BEFORE + at];
    return select(0i, i32((went >> (k & 31u)) & 1u), k <= 255u);
}

fn input_word(which: i32) -> i32 {
    let pressed = memory[ST_MOUSE_B] & ~memory[ST_BUTTONS_BEFORE];
    return select(select(0i, i32(pressed), which == INPUT_PRESSED), i32(memory[ST_WHEEL]), which == INPUT_WHEEL);
}

// peek is the texel as the frame began; 0 off the canvas.
fn peek(x: i32, y: i32) -> i32 {
    let inside = (u32(x) < WIDTH) & (u32(y) < HEIGHT);
    let word = began[select(0u, u32(y) * WIDTH + u32(x), inside)];
    return select(0i, i32(began_value(word)), inside);
}
