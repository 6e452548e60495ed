
// The block of the EACH at work, from the kernel.
const WIDTH = 128u;
const HEIGHT = 64u;

        var frame = job.captures[0].x;
        var v4 = 0i;
        var v5 = 0i;
        var v6 = 0i;
        var v7 = 0i;
        var v8 = 0i;
        var v10 = 0i;
        var color = 0i;
        var put = 0u;
        var left = 65513i; // instructions
        var at = 0u; // the block that a texel waits for
        let v2 = py * frame;
        v4 = px + v2;
        v5 = 0i;
        loop {
            at = 0u;
            if v5 > 9i {
                break;
            }
            v6 = v5 * 100i;
            v7 = 0i;
            v8 = v4;
            loop {
                at = 0u;
                if v7 > v4 {
                    break;
                }
                let v9 = v5 * v7;
                if v9 == v8 {
                    v10 = v6 + v7;
                    at = 16u;
                    break;
                }
                if v7 != 7i {
                    if v5 > 5i {
                        if v7 < 3i {
                            v8 = v8 + 1i;
                            at = 13u;
                        }
                    }
                    if at <= 10u {
                        if v5 != 2i {
                            if v7 != 4i {
                                at = 13u;
                            }
                        }
                        if at <= 12u {
                            v8 = v8 + (-1i);
                        }
                    }
                }
                v7 = v7 + 1i;
                left -= 17i;
                if left < 0i {
                    break;
                }
            }
            if at > 14u {
                break;
            }
            v5 = v5 + 1i;
            v4 = v8;
            left -= 16i;
            if left < 0i {
                break;
            }
        }
        if at <= 15u {
            v10 = 7i;
        }
        color = v10;
        put = 128u;
        made = Put(u32(color), put, left < 0i);
