//! Texts to measure with, made here: bank questions, values that look real, and the worst that is known.

use crate::random::Random;

const QUESTIONS: [&str; 24] = [
    "How do I {do} my {thing} {when}?",
    "Why was I charged a fee of ${n}.50 for {thing}?",
    "My {thing} has not arrived yet, it has been {n} days.",
    "Can I {do} a {thing} from the app, or do I have to call?",
    "What is the exchange rate if I pay in {place}?",
    "I tried to {do} my {thing} but it says pending {when}.",
    "Is there a limit on how much I can {do} {when}?",
    "I'm travelling to {place} {when}, will my {thing} work there?",
    "Please explain the 3.5% charge on my {thing}; nobody told me about it.",
    "The machine in {place} kept my {thing}. What now?",
    "Which documents do you need so that I can {do} a {thing}?",
    "I don't recognise a payment of ${n} made {when}.",
    "Could you tell me what the balance of my {thing} was {when}?",
    "It's been {n} hours and the {thing} still isn't there...",
    "How long does a {thing} to {place} take? 2 or 3 days?",
    "Are you open 24/7 in {place}, or only from 9:00 to 17:30?",
    "My {thing} shows the wrong amount; it should be ${n}, not ${n}.",
    "I want to {do} my {thing}, however the app asks for a code that never comes.",
    "Do I get a better rate with the {thing} (the premium one)?",
    "Someone in {place} told me that a {thing} costs nothing - is that so?",
    "Yes, order {n} from {when}. Can you {do} it?",
    "First the app froze, then the {thing} went through twice!",
    "Thank you. And how would I {do} the {thing} for my daughter?",
    "What happens to my {thing} if I move to {place} {when}?",
];

const DOINGS: [&str; 10] =
    ["cancel", "activate", "top up", "freeze", "change", "transfer", "verify", "close", "find", "withdraw"];

const THINGS: [&str; 12] = [
    "card",
    "account",
    "top-up",
    "transfer",
    "direct debit",
    "virtual card",
    "refund",
    "cash withdrawal",
    "standing order",
    "savings pot",
    "statement",
    "PIN",
];

const TIMES: [&str; 8] =
    ["today", "last week", "on Monday", "in May", "this morning", "next month", "right now", "two days ago"];

const PLACES: [&str; 7] = ["Lisbon", "the US", "Zürich", "Singapore", "the airport", "New York", "São Paulo"];

const VALUES: [&str; 10] = [
    "4111 1111 1111 1111",
    "joe.smith@example.com",
    "123-45-6789",
    "GB82 WEST 1234 5698 7654 32",
    "415-555-0100",
    "5555555555554444",
    "(415) 555-0100",
    "192.168.10.20",
    "+44 20 7946 0958",
    "sk-proj-abcdefghijklmnop",
];

/// Bank questions without any personal data, of about this many bytes.
pub(crate) fn clean(len: usize, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = String::with_capacity(len + 100);
    while text.len() < len {
        question(&mut text, &mut random);
        text.push(' ');
    }
    text
}

/// The same, with a value after every third question.
pub(crate) fn mixed(len: usize, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut text = String::with_capacity(len + 100);
    while text.len() < len {
        for _ in 0..3 {
            question(&mut text, &mut random);
            text.push(' ');
        }
        text.push_str("It is ");
        text.push_str(random.of(&VALUES));
        text.push_str(", thanks. ");
    }
    text
}

/// A value about every thirty bytes.
pub(crate) fn dense(len: usize) -> String {
    const WORDS: [&str; 6] = ["and then it was ", "see also ", "mine is ", "or ", "but maybe it is ", "then "];
    let mut random = Random::new(3);
    let mut text = String::with_capacity(len + 100);
    while text.len() < len {
        text.push_str(random.of(&WORDS));
        text.push_str(random.of(&VALUES));
        text.push_str(", ");
    }
    text
}

/// Inputs that keep as many starts alive, or as much undecided, as is known to be possible.
pub(crate) fn worst(len: usize) -> Vec<(&'static str, String)> {
    let repeated = |unit: &str| unit.repeat(len / unit.len() + 1);
    vec![
        ("`a.a.a.a@`", repeated("a.a.a.a@")),
        ("`a.a.a` without end", repeated("a.")),
        ("`a@a.a.a.a.`", repeated("a@a.a.a.a.")),
        ("digits without end", repeated("4111111111111")),
        ("digits and spaces", repeated("1 2 34-56 7-8 ")),
        ("`card 4 1 1 1`", repeated("card 4 1 1 1-")),
        ("near-cards after context", repeated("card 4111 1111 1111 111x, ")),
        ("IBAN-like words", repeated("GB82 WEST 1234 ABCD ")),
        ("`::::` and hex", repeated("fe:80:a::")),
        ("`\\u0034` without end", repeated("\\u0034\\u0031")),
        ("`\\\\u0034` twice escaped", repeated("\\\\u0034")),
        ("`%34` without end", repeated("%34%31")),
        ("`%` without end", repeated("%")),
        ("`&#5` without end", repeated("&#5")),
        ("full-width digits", repeated("４１")),
        ("open keys", repeated("sk-aaaaaaaaaaaaaaaaaaaa ")),
        ("one open key without end", format!("sk-{}", repeated("a"))),
        ("token-like words", repeated("PAN_bcdfghjklmnpqrst ")),
    ]
}

/// The first `len` bytes of a text, or a little less where that would cut a character.
pub(crate) fn head(text: &str, len: usize) -> &str {
    let cut = (0..=len.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..cut]
}

fn question(text: &mut String, random: &mut Random) {
    let mut rest = random.of(&QUESTIONS);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        match slot {
            "do" => text.push_str(random.of(&DOINGS)),
            "thing" => text.push_str(random.of(&THINGS)),
            "when" => text.push_str(random.of(&TIMES)),
            "place" => text.push_str(random.of(&PLACES)),
            _ => text.push_str(&random.below(120).to_string()),
        }
        rest = after;
    }
    text.push_str(rest);
}
