//! What is written on the spoken tape for what is said; `|` parts what is said from what is written.

use std::sync::Arc;

use super::{Lexicon, Spoken};
use crate::side::Output;

const SAID: &[&str] = &[
    "four one one one | 4111",
    "four, one one. one one | 4-11-11",
    "double four triple oh quadruple b | 44000BBBB",
    "oh my, oh oh seven | oh my, 007",
    "forty one eleven | 41 11",
    "sixty-five oh two | 65 02",
    "eight hundred five five five one two | 800 55512",
    "eight hundred and five | 805",
    "twelve hundred | 1200",
    "twelve thousand five hundred and sixty dollars | 12,560 dollars",
    "one million two hundred thousand | 1,200,000",
    "two thousand four | 2,004",
    "nineteen eighty four | 19 84",
    "four five um uh six | 45-6",
    "four five okay so we leave | 45 okay so we leave",
    "four five no wait four six | 45~46",
    "four one moment please five | 4-5",
    "four for two to two | 44222",
    "wait for two to leave | wait for 2 to leave",
    "4111 one one one one 1111, 1111 | 4111 1111 1111 1111",
    "4 1 1 1 | 4111",
    "12.50 at 10:30 on 4/5 | 12.50 at 10:30 on 4/5",
    "b as in boy c for charlie d like dog | BCD",
    "alpha bravo one two | AB12",
    "alpha version, november seven | alpha version, november 7",
    "a b c, i b m and a card | ABC-IBM and a card",
    "j o e dot smith at g mail dot com | JOE.smith@G mail.com",
    "we look at the bank | we look at the bank",
    "dot dash | dot dash",
    "one nine two dot one six eight dot oh dot ten | 192.168.0.10",
    "two point five and point taken | 2.5 and point taken",
    "plus forty four twenty | +44 20",
    "it's plus forty four | it's +44",
    "twenty dash thirty dash forty | 20-30-40",
    "info at sign example dot com | info@example.com",
    "plus, and then, four nine one seven two | +49172",
    "two seven hyphen, two four dash hold on one five | 27-24-15",
    "two sevens, three oh, double um four | 77-30-44",
    "forty ate eighty seven | 40 8 87",
    "seven four i mean five | 74~5",
    "nine a is my code, eight a day | 9A is my code, 8 a day",
    "o as in oscar, x as in x ray, double a c p | O-X-AACP",
    "mike four five, november seven, november seven oh | M45, november 7, november 70",
    "d o b nine | dob 9",
    "my p i n is one | my pin is 1",
    "info at the bakery dot com, we look at the bank | info@the bakery.com, we look at the bank",
    "between ten thirty and eleven | between 10 30 and 11",
    "from twenty nineteen to twenty twenty | from 20 19 to 20 20",
    "gee bee two nine | GB29",
    "O'Dell's Caf\u{e9} | o'dell's caf\u{e9}",
    "one (two) three | 1 (2) 3",
];

fn written(language: &str, said: &str) -> String {
    let lexicon = Arc::new(Lexicon::of(&[language.to_owned()]).unwrap());
    let mut spoken = Spoken::new(lexicon);
    let mut out = Output::default();
    for (at, c) in said.char_indices() {
        spoken.char(c, at..at + c.len_utf8(), &mut out);
    }
    spoken.finish(&mut out);
    assert!(spoken.pending().is_none());
    out.written()
}

#[test]
fn english_is_written_as_it_is_meant() {
    for line in SAID {
        let (said, expected) = line.split_once(" | ").unwrap();
        assert_eq!(written("en", said), expected, "{said}");
    }
}

#[test]
fn spanish_is_a_table() {
    for (said, expected) in [
        ("cuatro uno uno uno", "4111"),
        ("cuarenta y uno once", "41 11"),
        ("doble cuatro, eh, cinco seis", "44-56"),
        ("juan punto perez arroba ejemplo punto com", "juan.perez@ejemplo.com"),
        ("ana gui\u{f3}n bajo paz arroba ejemplo punto es", "ana_paz@ejemplo.es"),
    ] {
        assert_eq!(written("es", said), expected, "{said}");
    }
}
