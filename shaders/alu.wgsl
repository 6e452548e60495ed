
// alu: the arithmetic of core that takes more than a line.

// root_digit is one binary digit of the square root: x holds the rest and the
// root so far, bit the digit's square.
fn root_digit(x: vec2<u32>, bit: u32) -> vec2<u32> {
    let trial = x.y + bit;
    if x.x >= trial {
        return vec2<u32>(x.x - trial, (x.y >> 1u) + bit);
    }
    return vec2<u32>(x.x, x.y >> 1u);
}

// root is the floor of the square root, 0 below 1: digit by digit, no floats,
// and no loop either (see the head of this file).
fn root(a: i32) -> i32 {
    var x = vec2<u32>(u32(max(a, 0)), 0u);
    x = root_digit(x, 1u << 30u);
    x = root_digit(x, 1u << 28u);
    x = root_digit(x, 1u << 26u);
    x = root_digit(x, 1u << 24u);
    x = root_digit(x, 1u << 22u);
    x = root_digit(x, 1u << 20u);
    x = root_digit(x, 1u << 18u);
    x = root_digit(x, 1u << 16u);
    x = root_digit(x, 1u << 14u);
    x = root_digit(x, 1u << 12u);
    x = root_digit(x, 1u << 10u);
    x = root_digit(x, 1u << 8u);
    x = root_digit(x, 1u << 6u);
    x = root_digit(x, 1u << 4u);
    x = root_digit(x, 1u << 2u);
    x = root_digit(x, 1u);
    return i32(x.y);
}

// random steps the PCG32 state and gives 0…n-1, or 0 for n <= 0.
fn random(n: i32) -> i32 {
    random_state = random_state * 747796405u + 2891336453u;
    var w = ((random_state >> ((random_state >> 28u) + 4u)) ^ random_state) * 277803737u;
    w = (w >> 22u) ^ w;
    if n <= 0 {
        return 0;
    }
    return i32(w % u32(n));
}
