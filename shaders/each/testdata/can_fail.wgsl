
// The block of the EACH at work, from the kernel.
const WIDTH = 128u;
const HEIGHT = 64u;
const LEAST = -2147483647i - 1i;

// divisor is b where a can be divided by it as isa.Alu does, and 1 elsewhere: a / 1 is
// what −2³¹ / −1 is, and nobody looks at the quotient of a zero divisor.
fn divisor(a: i32, b: i32) -> i32 {
    return select(b, 1i, (b == 0i) | ((b == -1i) & (a == LEAST)));
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
const TABLE_78_3 = array<i32, 3>(1i, 2i, 3i);

        var frame = job.captures[0].x;
        var color = 0i;
        var put = 0u;
        var bad = false;
        var table_78_3 = TABLE_78_3;
        let v1 = select(0i, 1i, px < 90i);
        bad = bad | (v1 == 0i);
        let v3 = px - frame;
        bad = bad | (v3 == 0i);
        let v4 = 5i / divisor(5i, v3);
        bad = bad | (u32(px) >= 9u);
        let v5 = i32(memory[job.data + 8u + min(u32(px), 8u)]);
        let v6 = v4 + v5;
        bad = bad | ((u32(px) >= 4u) | (u32(py) >= 5u));
        let v8 = i32(memory[job.data + 17u + min(u32(px), 3u) + min(u32(py), 4u) * 4u]);
        let v9 = v6 + v8;
        bad = bad | (u32(py) >= 3u);
        let v10 = table_78_3[min(u32(py), 2u)];
        let v11 = v9 + v10;
        bad = bad | (py == 0i);
        let v12 = div_shift(px, py, 3i);
        let v13 = v11 + v12;
        bad = bad | (px == 0i);
        let v14 = 7i % divisor(7i, px);
        let v15 = v13 + v14;
        color = v15;
        put = 76u;
        made = Put(u32(color), put, bad);
