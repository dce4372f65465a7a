//! What is read, what is refused, and that nobody else reads it differently.

use super::*;

#[test]
fn refusals_say_what_and_where() {
    for (source, what, at) in [
        (&b"{\"a\":1,\"a\":2}"[..], "a key that its object has already", 8),
        (b"{\"a\":1,\"\\u0061\":2}", "a key that its object has already", 8),
        (b"[1,]", "no value where one must be", 3),
        (b"[NaN]", "no value where one must be", 1),
        (b"[nan]", "an unknown literal", 1),
        (b"\"\\ud800\"", "a broken escape", 1),
        (b"\"a\nb\"", "a control character in a string", 2),
        (b"\"abc", "a string without end", 4),
        (b"01", "something after the document", 1),
        (b"1. ", "a broken number", 2),
        (b"{} x", "something after the document", 3),
        (b"\"\xff\"", "bytes that are not UTF-8", 1),
        (b"", "no value where one must be", 0),
    ] {
        let error = Document::parse(source).map(|_| ()).unwrap_err();
        assert_eq!((error.what, error.at), (what, at), "{}", String::from_utf8_lossy(source));
    }
    let deep = "[".repeat(MAX_DEPTH + 2);
    assert_eq!(Document::parse(deep.as_bytes()).map(|_| ()).unwrap_err().what, "nesting deeper than 64");
    let many = format!("[{}1]", "1,".repeat(MAX_VALUES));
    assert_eq!(Document::parse(many.as_bytes()).map(|_| ()).unwrap_err().what, "more than 1,048,576 values");
}

#[test]
fn nodes_know_their_place() {
    let document = Document::parse(br#" {"a":[1,"x\u0041",{"b":null}],"c":true} "#).unwrap();
    let kinds: Vec<Kind> = document.nodes().iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [Kind::Object, Kind::Array, Kind::Number, Kind::String, Kind::Object, Kind::Null, Kind::Bool]);
    assert_eq!(document.children(0).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(document.children(1).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(document.string(&document.nodes()[3].span), "xA");
    assert_eq!(document.member(0, "c"), Some(6));
}
