//! What people write wrong, and what they are told.

use super::*;

const GOOD: &str = "\
upstreams:
  - name: openai
    url: https://api.openai.com
    key_env: TIDEGATE_PROVIDER_KEY
keys:
  - name: dev
    key: sk-dev
    upstreams: [openai]
";

fn checked(text: &str) -> Result<Settings, Vec<Finding>> {
    check::check("f.yaml", raw::parse("f.yaml", text).map_err(|f| vec![f])?)
}

fn wrong(text: &str) -> Vec<String> {
    checked(text).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn the_default_is_what_it_says() {
    let settings = checked(DEFAULT).unwrap_or_else(|f| panic!("{f:?}"));
    assert_eq!(settings.listen.plain.map(|a| a.to_string()).as_deref(), Some("127.0.0.1:8080"));
    assert!(settings.listen.tls.is_none(), "TLS needs a certificate");
    let said = format!("{:?} {:?} {:?}", settings.deadlines, settings.limits, settings.vault);
    let bare = checked(GOOD).unwrap_or_else(|f| panic!("{f:?}"));
    assert_eq!(
        said,
        format!("{:?} {:?} {:?}", bare.deadlines, bare.limits, bare.vault),
        "what is left out is the same"
    );
    assert_eq!(settings.limits.max_body, 32 << 20);
    assert_eq!(settings.deadlines.drain, Duration::from_secs(30));
}

#[test]
fn an_unknown_key_has_a_place_and_a_hint() {
    let text = GOOD.replace("    url:", "    ulr: x\n    url:");
    let found = checked(&text).err().unwrap_or_default();
    assert_eq!((found[0].line, found[0].column, found[0].key.as_str()), (3, 5, "ulr"), "{found:?}");
    assert_eq!(found[0].hint.as_deref(), Some("did you mean `url`?"));
    let found = wrong(&format!("{GOOD}colour: red\n"));
    assert!(found[0].starts_with("f.yaml:9:1: colour: no such key (known here: listen,"), "{found:?}");
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let cases = [
        ("https://api.openai.com", "https://api.openai.com/v1", "f.yaml:3:10: upstreams[0].url: ends in /v1 (drop it"),
        ("https://api.openai.com", "https://api.openai.com/v1/", "f.yaml:3:10: upstreams[0].url: ends in /v1 (drop it"),
        ("https://api.openai.com", "https://api.openai.com/x", "f.yaml:3:10: upstreams[0].url: has a path"),
        ("https://api.openai.com", "https://a:b@api.openai.com", "f.yaml:3:10: upstreams[0].url: is no origin"),
        ("https://api.openai.com", "ftp://x", "f.yaml:3:10: upstreams[0].url: must begin with https://"),
        ("https://api.openai.com", "https://x:99999", "f.yaml:3:10: upstreams[0].url: is no origin"),
        ("name: openai", "name: v1", "f.yaml:2:11: upstreams[0].name: is taken by a path"),
        ("name: openai", "name: a/b", "f.yaml:2:11: upstreams[0].name: is no name"),
        ("[openai]", "[opnai]", "f.yaml:8:16: keys[0].upstreams: `opnai` is no upstream (there are: openai)"),
        ("key: sk-dev", "key: sk-dev\n    key_env: X", "f.yaml:6:11: keys[0].key_env: needs one of key_env"),
        ("    key_env: TIDEGATE_PROVIDER_KEY\n", "", "f.yaml:3:10: upstreams[0].key_env: this upstream needs a key"),
        ("keys:", "policy: strict\nkeys:", "f.yaml:5:9: policy: `strict`: cannot be read: entity not found"),
        ("keys:", "packs: /nowhere\nkeys:", "f.yaml:5:8: packs: `/nowhere`: cannot be read: entity not found"),
        ("keys:", "deadlines: {idle: 5 minutes}\nkeys:", "f.yaml:5:19: deadlines.idle: is no span of time (e.g. 250ms"),
        ("keys:", "limits: {max_body: 0MiB}\nkeys:", "f.yaml:5:20: limits.max_body: is no size"),
        ("keys:", "limits: {open_streams: 0}\nkeys:", "f.yaml:5:24: limits.open_streams: must be one or more"),
        ("keys:", "listen: nowhere\nkeys:", "f.yaml:5:9: listen: is no address (e.g. 127.0.0.1:8080)"),
        (
            "keys:",
            "recogniser: 10.0.0.7:5003\nkeys:",
            "f.yaml:5:13: recogniser: is not on this machine (raw text goes there: only a loopback address is taken)",
        ),
    ];
    for (from, to, starts) in cases {
        let found = wrong(&GOOD.replacen(from, to, 1));
        assert!(found.first().is_some_and(|f| f.starts_with(starts)), "{to}: {found:?}");
    }
}

#[test]
fn a_tls_listener_needs_all_of_its_parts() {
    let pair = std::env::temp_dir().join(format!("tidegate-config-tls-{}.pem", std::process::id()));
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    std::fs::write(&pair, params.self_signed(&key).unwrap().pem()).unwrap();
    let with =
        |lines: &str| GOOD.replace("keys:", &format!("{}\nkeys:", lines.replace("PAIR", pair.to_str().unwrap())));
    let both = checked(&with("listen: 127.0.0.1:1\nlisten_tls: 127.0.0.1:2\ntls: {cert_file: PAIR, key_file: /k}"));
    let both = both.unwrap_or_else(|f| panic!("{f:?}")).listen;
    assert_eq!((both.plain.unwrap().port(), both.tls.unwrap().address.port()), (1, 2));
    let only = checked(&with("listen: off\nlisten_tls: 127.0.0.1:2\ntls: {cert_file: PAIR, key_file: /k}"));
    assert!(only.unwrap_or_else(|f| panic!("{f:?}")).listen.plain.is_none(), "the key is not read");
    let cases = [
        ("listen: off", "f.yaml:5:9: listen: is off, and nothing else listens (give"),
        (
            "listen_tls: 127.0.0.1:2",
            "f.yaml:5:13: tls.cert_file: is missing: TLS needs a certificate and its key (tls:",
        ),
        (
            "listen_tls: x\ntls: {cert_file: PAIR, key_file: k}",
            "f.yaml:5:13: listen_tls: is no address (e.g. 127.0.0.1:8443)",
        ),
        ("listen_tls: 127.0.0.1:2\ntls: {cert_file: PAIR}", "f.yaml:6:18: tls.key_file: is missing"),
        ("listen_tls: 127.0.0.1:2\ntls: {key_file: k}", "f.yaml:6:17: tls.cert_file: is missing"),
        ("tls: {cert_file: PAIR, key_file: k}", "f.yaml:5:18: tls.cert_file: means nothing without listen_tls"),
        (
            "listen_tls: 127.0.0.1:2\ntls: {cert_file: /n, key_file: k}",
            "f.yaml:6:18: tls.cert_file: `/n` cannot be read",
        ),
        ("listen_tls: 127.0.0.1:2\ntls: {cert: /n}", "f.yaml:6:7: cert: no such key (known here: cert_file, key_file)"),
        (
            "listen_tls: 127.0.0.1:2\ntls: {cert_file: Cargo.toml, key_file: k}",
            "f.yaml:6:18: tls.cert_file: `Cargo.toml` holds no",
        ),
    ];
    for (lines, starts) in cases {
        let found = wrong(&with(lines));
        assert!(found.first().is_some_and(|f| f.starts_with(starts)), "{lines}: {found:?}");
    }
    std::fs::remove_file(pair).unwrap();
}

#[test]
fn everything_wrong_is_said_at_once() {
    let found = wrong(&GOOD.replace("https://api.openai.com", "x").replace("[openai]", "[y]"));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn yaml_that_is_none_is_said_so() {
    for text in ["a: [", "", "- x", "keys: 3"] {
        assert!(!wrong(text).is_empty(), "{text}");
    }
    let twice = wrong(&format!("{GOOD}keys: []\n"));
    assert!(twice[0].contains(":9:"), "{twice:?}");
}

#[test]
fn a_policy_that_speaks_of_one_direction_only_cannot_start() {
    let folder = std::env::temp_dir().join(format!("tidegate-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("half.yaml");
    std::fs::write(&path, "policy: half\nversion: 1\nroutes:\n  - {leg: llm, direction: in, default: replace}\n")
        .unwrap();
    let found = wrong(&GOOD.replace("keys:", &format!("policy: {}\nkeys:", path.display())));
    assert!(found[0].contains("half@1 has no route") && found[0].contains("(llm, out, every caller)"), "{found:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_quick_start_needs_two_flags() {
    let flags = |upstream: &str, key: Option<&str>| Flags {
        upstreams: vec![upstream.into()],
        key: key.map(str::to_owned),
        ..Flags::default()
    };
    let settings = quick(&flags("local=http://127.0.0.1:1", Some("sk-dev"))).unwrap_or_else(|f| panic!("{f:?}"));
    assert!(settings.upstreams[0].key_optional);
    assert_eq!(&*settings.keys[0].name, "dev");
    let settings = quick(&flags("openai=https://api.openai.com", Some("sk-dev"))).unwrap_or_else(|f| panic!("{f:?}"));
    assert!(!settings.upstreams[0].key_optional);
    let said = |flags| quick(&flags).err().unwrap_or_default()[0].to_string();
    assert!(said(flags("local=http://127.0.0.1:1", None)).starts_with("command line: --key: is missing"));
    assert!(said(flags("http://127.0.0.1:1", Some("k"))).starts_with("command line: --upstream: must be NAME=URL"));
    assert!(said(flags("a=http://127.0.0.1:1/v1", Some("k"))).contains("ends in /v1"));
}

#[test]
fn units() {
    assert_eq!(units::span("250ms").unwrap(), Duration::from_millis(250));
    assert_eq!(units::span("2 h").unwrap(), Duration::from_secs(7200));
    assert_eq!(units::size("1KiB").unwrap(), 1024);
    for bad in ["", "5", "s", "-1s", "99999999999999999999h", "5d", "0s"] {
        assert!(units::span(bad).is_err(), "{bad}");
    }
    for bad in ["", "KiB", "1kb", "99999999999999GiB", "0"] {
        assert!(units::size(bad).is_err(), "{bad}");
    }
}
