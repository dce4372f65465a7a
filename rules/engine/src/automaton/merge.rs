//! Which states behave alike: partition refinement after Moore, which looks again only at states of which a successor
//! has left its group. A round over all states for every length of a chain would take seconds for a hundred rules.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// The group of each state; group 0 is the dead ones, whether there are any or not.
pub(super) fn groups(rows: &[Vec<usize>], alive: &[bool], accepts: &[Vec<u16>]) -> Vec<usize> {
    let mut by_accepts: HashMap<&[u16], u32> = HashMap::new();
    let mut group = vec![0; rows.len()];
    for state in (0..rows.len()).filter(|&s| alive[s]) {
        let fresh = by_accepts.len() as u32 + 1;
        group[state] = *by_accepts.entry(&accepts[state]).or_insert(fresh);
    }
    let mut sizes = vec![0; by_accepts.len() + 1];
    group.iter().for_each(|&g| sizes[g as usize] += 1);
    let mut suspects: Vec<usize> = (0..rows.len()).filter(|&s| alive[s]).collect();
    let mut suspected = vec![false; rows.len()];
    let parents = parents(rows);
    while !suspects.is_empty() {
        let moved = refine(rows, &suspects, &mut group, &mut sizes);
        suspected.fill(false);
        let of_moved = moved.iter().flat_map(|&s| &parents[s]).copied();
        suspects = of_moved.filter(|&s| alive[s] && !std::mem::replace(&mut suspected[s], true)).collect();
    }
    group.into_iter().map(|g| g as usize).collect()
}

/// Parts the suspects of each group from those that are none and by where they lead; answers who moved.
fn refine(rows: &[Vec<usize>], suspects: &[usize], group: &mut [u32], sizes: &mut Vec<usize>) -> Vec<usize> {
    let mut unsuspected = sizes.clone();
    suspects.iter().for_each(|&s| unsuspected[group[s] as usize] -= 1);
    let mut parts: HashMap<Vec<u32>, u32, BuildHasherDefault<Fast>> = HashMap::default();
    let mut moves = Vec::new();
    for &state in suspects {
        let from = group[state];
        let key: Vec<u32> = std::iter::once(from).chain(rows[state].iter().map(|&to| group[to])).collect();
        let to = *parts.entry(key).or_insert_with(|| {
            // Who is no suspect leads where the group has always led; if nobody is, the first part keeps the number.
            if std::mem::replace(&mut unsuspected[from as usize], 1) == 0 {
                return from;
            }
            sizes.push(0);
            sizes.len() as u32 - 1
        });
        if to != from {
            moves.push((state, to));
        }
    }
    for &(state, to) in &moves {
        sizes[group[state] as usize] -= 1;
        sizes[to as usize] += 1;
        group[state] = to;
    }
    moves.into_iter().map(|(state, _)| state).collect()
}

/// The states that lead to each state.
pub(super) fn parents(rows: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut parents = vec![Vec::new(); rows.len()];
    for (from, row) in rows.iter().enumerate() {
        for &to in row {
            if parents[to].last() != Some(&from) {
                parents[to].push(from);
            }
        }
    }
    parents
}

/// Thousands of rows are hashed, and nobody who writes a pack gains by a collision.
#[derive(Default)]
struct Fast(u64);

impl Hasher for Fast {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every two states that one word tells apart are in two groups, and no others.
    #[test]
    fn a_word_tells_groups_apart_and_nothing_tells_members_apart() {
        let mut seed = 7u64;
        let mut random = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % n
        };
        for states in 1..40 {
            let rows: Vec<Vec<usize>> = (0..states).map(|_| (0..2).map(|_| random(states)).collect()).collect();
            let accepts: Vec<Vec<u16>> = (0..states).map(|_| if random(4) == 0 { vec![1] } else { vec![] }).collect();
            let mut alive: Vec<bool> = accepts.iter().map(|a| !a.is_empty()).collect();
            (0..states).for_each(|_| (0..states).for_each(|s| alive[s] |= rows[s].iter().any(|&to| alive[to])));
            let mut apart = vec![vec![false; states]; states];
            for _ in 0..=states {
                for (a, b) in (0..states).flat_map(|a| (0..states).map(move |b| (a, b))) {
                    let later = (0..2).any(|c| apart[rows[a][c]][rows[b][c]]);
                    apart[a][b] |= later || accepts[a] != accepts[b];
                }
            }
            let group = groups(&rows, &alive, &accepts);
            for (a, b) in (0..states).flat_map(|a| (0..states).map(move |b| (a, b))) {
                assert_eq!(group[a] != group[b], apart[a][b], "{states} states: {a} and {b}");
                assert_eq!(group[a] == 0, !alive[a]);
            }
        }
    }
}
