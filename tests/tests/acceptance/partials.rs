//! What a recogniser of speech says before it is sure: no digit of a value that is masked in the end may be shown.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use acceptance::harness::{Scratch, binary};
use serde_json::Value;

const NUMBERS: &str = "zero oh nought one two three four five six seven eight nine niner ten eleven twelve thirteen fourteen \
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand \
    double triple";

/// Each digit, and each word that says one, with how often it stands there.
fn numbers(text: &str) -> BTreeMap<String, usize> {
    let labels = regex::Regex::new(r"[A-Z]{2,}_[a-z]+|\[[A-Z]+\]").unwrap();
    let bare = labels.replace_all(text, " ").to_lowercase();
    let words = bare.split(|c: char| !c.is_ascii_alphanumeric()).flat_map(|word| {
        let digits = word.chars().filter(char::is_ascii_digit).map(String::from);
        let said = NUMBERS.split_whitespace().any(|number| number == word);
        digits.chain(said.then(|| word.to_owned()))
    });
    let mut counted = BTreeMap::new();
    words.for_each(|word| *counted.entry(word).or_default() += 1);
    counted
}

fn scanned(file: &Path) -> Vec<Value> {
    let scan =
        Command::new(binary("rules")).args(["scan", "--partials", "--channel", "auto"]).arg(file).output().unwrap();
    assert!(scan.status.success(), "{}", String::from_utf8_lossy(&scan.stderr));
    lines(&String::from_utf8(scan.stdout).unwrap())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn no_digit_is_shown_that_the_final_masks() {
    let scratch = Scratch::new();
    let folder = scratch.path("corpus");
    let mut corpus = Command::new(binary("corpus"));
    corpus.args(["--seed", "7", "--per-entity", "200", "--out"]).arg(&folder).stdout(Stdio::null());
    assert!(corpus.status().unwrap().success());
    let file = folder.join("partials.jsonl");
    let said = lines(&fs::read_to_string(&file).unwrap());
    let read = scanned(&file);
    assert_eq!(said.len(), read.len());
    let mut partials: Vec<BTreeMap<String, usize>> = Vec::new();
    let (mut values, mut leaks) = (0, Vec::new());
    for (said, read) in said.iter().zip(&read) {
        let shown = numbers(read["masked"].as_str().unwrap());
        if said["final"] == false {
            partials.push(shown);
            continue;
        }
        let masked = !read["findings"].as_array().unwrap().is_empty();
        values += usize::from(masked && !partials.is_empty());
        for partial in partials.drain(..).filter(|_| masked) {
            if partial.iter().any(|(word, n)| shown.get(word).unwrap_or(&0) < n) {
                leaks.push(format!("{}: {partial:?} beside {}", said["id"], read["masked"]));
            }
        }
    }
    assert!(values >= 300, "only {values} values to look at");
    assert!(leaks.is_empty(), "{} of the partials of {values} values: {leaks:#?}", leaks.len());
}
