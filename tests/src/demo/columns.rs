//! Three columns in a terminal of a hundred characters.

use super::paint::{Ink, Painted};

const WIDTH: usize = 31;
const GAP: &str = " │ ";

/// The whole width.
pub(super) const TOTAL: usize = 3 * WIDTH + 2 * 3 + 1;

/// Three texts side by side, as lines.
pub(super) fn beside(texts: [&Painted; 3], coloured: bool) -> Vec<String> {
    let columns = texts.map(wrap);
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let empty = Vec::new();
    let cell = |column: usize, row: usize| line(columns[column].get(row).unwrap_or(&empty), coloured);
    (0..height).map(|row| format!(" {}", [cell(0, row), cell(1, row), cell(2, row)].join(GAP))).collect()
}

/// A line across, with the columns' crossings.
pub(super) fn rule(crossing: &str) -> String {
    let dashes = "─".repeat(WIDTH + 1);
    format!("{dashes}─{crossing}{dashes}─{crossing}{dashes}")
}

fn line(letters: &[(char, Ink)], coloured: bool) -> String {
    let mut out = String::new();
    let mut current = Ink::Plain;
    for (letter, ink) in letters {
        if coloured && *ink != current {
            out += &format!("\x1b[0m\x1b[{}m", ink.code());
        }
        current = *ink;
        out.push(*letter);
    }
    if coloured && current != Ink::Plain {
        out += "\x1b[0m";
    }
    out + &" ".repeat(WIDTH.saturating_sub(letters.len()))
}

/// Breaks at spaces; a word that is longer than a line breaks where the line ends.
fn wrap(text: &Painted) -> Vec<Vec<(char, Ink)>> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    for word in text.split_inclusive(|(letter, _)| *letter == ' ') {
        let length = word.iter().rev().skip_while(|(letter, _)| *letter == ' ').count();
        if line.len() + length > WIDTH && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word {
            if line.len() == WIDTH {
                lines.push(std::mem::take(&mut line));
            }
            if !(line.is_empty() && letter.0 == ' ') {
                line.push(*letter);
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::super::paint::plain;
    use super::*;

    #[test]
    fn every_line_has_the_same_width() {
        let long = plain(&"a banking chat with pan_0123456789abcdefghijklmnopqrstuvwxyz ".repeat(3), Ink::Plain);
        let lines = beside([&long, &plain("short", Ink::Value), &plain("", Ink::Plain)], false);
        assert!(lines.len() > 3 && lines.iter().all(|line| line.chars().count() == TOTAL), "{lines:#?}");
        assert!(TOTAL <= 100 && rule("┼").chars().count() <= 100);
    }
}
