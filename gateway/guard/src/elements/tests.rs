//! Values in pieces, in documents and in JSON that streams.

use std::sync::LazyLock;

use rules::{Direction, Leg, Policy, TokenKey};

use super::*;
use crate::{ResponseContext, RestoreSet, StreamGuard, screen_body, screen_request};

static PROGRAM: LazyLock<Arc<Program>> = LazyLock::new(|| compiled(rules::policy::DEFAULT));

fn compiled(policy: &str) -> Arc<Program> {
    let policy = Policy::parse(policy).unwrap();
    Arc::new(Program::compile(&rules::built_in().unwrap(), &policy, Leg::Llm, Direction::In).unwrap())
}

fn request_by(program: &Arc<Program>, list: &str) -> Result<String, crate::Refusal> {
    let body = format!("{{\"x\":{list}}}");
    let screened = screen_request(&wire::dialect::OPENAI_CHAT, program, &TokenKey::new(b"k"), body.as_bytes())?;
    assert!(screened.minted.is_empty(), "no token of a value in pieces");
    let body = String::from_utf8(screened.body).unwrap();
    Ok(body[5..body.len() - 1].to_owned())
}

fn request(list: &str) -> String {
    request_by(&PROGRAM, list).unwrap()
}

/// The list as the whole arguments of a call, in a document.
fn arguments(list: &str) -> String {
    let mut inside = String::new();
    wire::text::escape_into(list, &mut inside);
    let body = format!(r#"{{"choices":[{{"message":{{"tool_calls":[{{"function":{{"arguments":"{inside}"}}}}]}}}}]}}"#);
    let (none, context) = (RestoreSet::default(), ResponseContext::default());
    let (body, _) = screen_body(&wire::dialect::OPENAI_CHAT, &PROGRAM, &none, &context, body.as_bytes()).unwrap();
    let document = wire::json::Document::parse(&body).unwrap();
    let arguments = document.nodes().iter().find(|n| n.key.as_ref().is_some_and(|k| document.key_is(k, "arguments")));
    document.string(&arguments.unwrap().span)
}

#[test]
fn a_value_in_pieces_is_masked() {
    for (list, expected) in [
        (r#"["4111","1111","1111","1111"]"#, r#"["[PAN]","","",""]"#),
        (r#"["41","11","","1111", "1111", "111","1"]"#, r#"["[PAN]","","","", "", "",""]"#),
        (
            "[4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
            r#"["[PAN]",null,null,null,null,null,null,null,null,null,null,null,null,null,null,null]"#,
        ),
        (r#"[41,"1111",null,1111, 1111,"11"]"#, r#"["[PAN]","",null,null, null,""]"#),
        (r#"["mail","joe@","exam","ple.","com"]"#, r#"["[EMAIL]","","","",""]"#),
        (r#"["to:","joe@","exam","ple.","com"]"#, r#"["to:","[EMAIL]","","",""]"#),
        (r#"["\uff14111","1111","1111","11\u00311"]"#, r#"["[PAN]","","",""]"#),
        (r#"["536-","22-","8143"]"#, r#"["[SSN]","",""]"#),
        (
            r#"["a long one","4111","1111","1111","1111","a long one"]"#,
            r#"["a long one","[PAN]","","","","a long one"]"#,
        ),
        (
            r#"[["4111","1111","1111","1111"],{"y":["4111",11111111,"1111"]}]"#,
            r#"[["[PAN]","","",""],{"y":["4111",11111111,"1111"]}]"#,
        ),
    ] {
        assert_eq!(request(list), expected);
        assert_eq!(arguments(list), expected);
    }
}

#[test]
fn what_is_no_value_stays() {
    for list in [
        "[]",
        "[4]",
        "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]",
        "[2019,2020,2021,2022]",
        "[4111,1111,1111,1112]",
        "[411.1,1.11,1.11,1.11,1111.1111]",
        "[4e1,1e1]",
        r#"["4111","1111","1111","1112"]"#,
        r#"["4111","1111","1111"]"#,
        r#"["2019","2020","2021","2022"]"#,
        r#"["1.1","2.2","3.3","4.4"]"#,
        r#"["9:00","9:00","9:00","9:00","9:00","9:00","9:00"]"#,
        r#"["USD","EUR","GBP","JPY"]"#,
        r#"["4111","1111",true,"1111","1111"]"#,
        r#"["yes","no",null,"n/a",""]"#,
    ] {
        assert_eq!(request(list), list);
        assert_eq!(arguments(list), list);
    }
}

#[test]
fn a_policy_decides_here_too() {
    let policy = |action: &str| {
        let rest = "cvv: redact, otp: redact, pin: redact, track: redact";
        compiled(&format!(
            "policy: p\nversion: 1\nroutes:\n  - {{leg: llm, direction: in, default: {action}, entities: {{{rest}}}}}\n"
        ))
    };
    let by = |action: &str| request_by(&policy(action), r#"["4111","1111","1111","1111"]"#);
    assert_eq!(by("redact").unwrap(), r#"["","","",""]"#);
    assert_eq!(by("keep_last").unwrap(), r#"["[PAN *1111]","","",""]"#);
    assert_eq!(by("hash").unwrap(), r#"["[PAN]","","",""]"#);
    assert_eq!(by("alert").unwrap(), r#"["4111","1111","1111","1111"]"#);
    assert_eq!(by("allow").unwrap(), r#"["4111","1111","1111","1111"]"#);
    assert_eq!(by("block"), Err(crate::Refusal::Blocked("pan".into())));
}

#[test]
fn an_array_that_is_cut_off_shows_no_beginning_of_a_number() {
    let list = r#"["5555","5555","5555","44"#;
    assert_eq!(arguments(list), r#"["[PAN]","","",""#);
    assert_eq!(arguments("[5555,5555,5555,44"), r#"["[PAN]",null,null,null"#);
    assert_eq!(arguments("[5555,5555,5555,44]"), "[5555,5555,5555,44]", "a whole array holds no beginnings");
}

#[test]
fn waiting_has_an_end() {
    let guard = || {
        let (none, context) = (Arc::new(RestoreSet::default()), ResponseContext::default());
        StreamGuard::new(&wire::dialect::OPENAI_CHAT, PROGRAM.clone(), none, context)
    };
    let event = |text: &str| {
        let mut inside = String::new();
        wire::text::escape_into(text, &mut inside);
        let call = format!(r#"{{"index":0,"function":{{"arguments":"{inside}"}}}}"#);
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{call}]}}}}]}}\n\n")
    };
    for filler in ["\"\",", " ", "null,"] {
        let (mut guard, mut out, mut held) = (guard(), Vec::new(), 0);
        guard.push(event("[\"4111\",").as_bytes(), &mut out).unwrap();
        for _ in 0..5000 {
            guard.push(event(filler).as_bytes(), &mut out).unwrap();
            held = held.max(guard.held());
        }
        assert!(held < 1 << 20, "{filler}: {held} bytes held");
        assert!(String::from_utf8(out).unwrap().contains("4111"), "{filler}");
    }
}
