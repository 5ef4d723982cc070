//! XXH64 (Yann Collet, BSD-2 specification), seed 0: the hash of a document's bytes. It is part of the graph file and
//! must never change between versions or platforms, so it is written out here.

const P1: u64 = 0x9E37_79B1_85EB_CA87;
const P2: u64 = 0xC2B2_AE3D_27D4_EB4F;
const P3: u64 = 0x1656_67B1_9E37_79F9;
const P4: u64 = 0x85EB_CA77_C2B2_AE63;
const P5: u64 = 0x27D4_EB2F_1656_67C5;

fn round(acc: u64, lane: u64) -> u64 {
    acc.wrapping_add(lane.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

fn lane(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).enumerate().fold(0, |n, (i, &b)| n | u64::from(b) << (8 * i))
}

/// The XXH64 of some bytes, with seed 0.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    let mut h = if bytes.len() >= 32 {
        let mut acc = [P1.wrapping_add(P2), P2, 0, 0u64.wrapping_sub(P1)];
        while rest.len() >= 32 {
            for (a, chunk) in acc.iter_mut().zip(rest.chunks_exact(8)) {
                *a = round(*a, lane(chunk));
            }
            rest = &rest[32..];
        }
        let turns = [1, 7, 12, 18];
        let sum = acc.iter().zip(turns).fold(0u64, |n, (a, t)| n.wrapping_add(a.rotate_left(t)));
        acc.iter().fold(sum, |n, &a| (n ^ round(0, a)).wrapping_mul(P1).wrapping_add(P4))
    } else {
        P5
    };
    h = h.wrapping_add(bytes.len() as u64);
    while rest.len() >= 8 {
        h = (h ^ round(0, lane(rest))).rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
        rest = &rest[8..];
    }
    if rest.len() >= 4 {
        h = (h ^ lane(&rest[..4]).wrapping_mul(P1)).rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
        rest = &rest[4..];
    }
    for &b in rest {
        h = (h ^ u64::from(b).wrapping_mul(P5)).rotate_left(11).wrapping_mul(P1);
    }
    h = (h ^ (h >> 33)).wrapping_mul(P2);
    h = (h ^ (h >> 29)).wrapping_mul(P3);
    h ^ (h >> 32)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_vectors() {
        assert_eq!(super::hash(b""), 0xEF46_DB37_51D8_E999);
        assert_eq!(super::hash(b"a"), 0xD24E_C4F1_A98C_6E5B);
        assert_eq!(super::hash(b"abc"), 0x44BC_2CF5_AD77_0999);
        assert_eq!(super::hash(b"Nobody inspects the spammish repetition"), 0xFBCE_A83C_8A37_8BF1);
    }
}
