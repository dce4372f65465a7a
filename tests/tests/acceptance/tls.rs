//! TLS from two commands on: the same edge, for who trusts the authority, and for nobody else.

use std::fs::{self, Permissions};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use acceptance::harness::{
    AGENT_KEY, Chat, Client, Gateway, Program, Provider, Scratch, TlsClient, binary, eventually,
};
use serde_json::Value;

use crate::leaks::CARD;

/// An authority, and the folder it is in.
struct Authority(Scratch);

impl Authority {
    fn new() -> Self {
        let authority = Authority(Scratch::new());
        authority.ca(&["init"]);
        authority
    }

    /// With a certificate for this machine.
    fn here() -> Self {
        let authority = Self::new();
        authority.ca(&["issue", "localhost", "127.0.0.1"]);
        authority
    }

    fn ca(&self, args: &[&str]) -> String {
        let mut command = Command::new(binary("tidegate"));
        let output = command.arg("ca").args(args).arg("--dir").arg(self.0.root()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Puts a file in its place at once.
    fn put(&self, name: &str, text: &str) {
        fs::rename(self.0.file("beside", text), self.file(name)).unwrap();
    }

    fn flags(&self) -> [String; 6] {
        let path = |name| self.file(name).to_str().unwrap().to_owned();
        let (certificate, key) = (path("localhost.pem"), path("localhost.key"));
        ["--listen-tls", "127.0.0.1:0", "--tls-cert", &certificate, "--tls-key", &key].map(str::to_owned)
    }

    /// A gateway that shows the certificate for this machine, beside the plain listener.
    fn gateway(&self, provider: &Provider) -> Gateway {
        let flags = self.flags();
        Gateway::start(&[("openai", &provider.origin())], &flags.each_ref().map(String::as_str))
    }

    fn client(&self, gateway: &mut Gateway) -> TlsClient {
        TlsClient::trusting(&self.file("ca.pem"), listens(gateway.program().ready()))
    }
}

fn listens(ready: &Value) -> &str {
    ready["listen_tls"].as_str().unwrap()
}

fn request(chat: &Chat) -> Vec<u8> {
    Client::of("127.0.0.1").with_key(AGENT_KEY).request("POST", "/v1/chat/completions", chat.body().as_bytes())
}

fn card() -> Chat {
    Chat::user(&format!("My card is {CARD}, thanks."))
}

#[test]
fn two_commands_and_the_chat_is_over_tls() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let client = authority.client(&mut gateway);
    for client in [client.clone(), client.clone().asking_for("localhost")] {
        for chat in [card(), card().streamed()] {
            let answer = client.send(&request(&chat)).unwrap();
            assert_eq!(answer.said(), format!("You said: My card is {CARD}, thanks."));
            assert!(answer.whole && answer.header("x-tidegate-guard").unwrap().contains("in=pan:1"));
        }
    }
    assert!(provider.requests().iter().all(|seen| !String::from_utf8_lossy(&seen.bytes()).contains("4111")));
    let plain = gateway.client().chat(&card());
    assert_eq!(plain.said(), format!("You said: My card is {CARD}, thanks."), "the plain listener is the same edge");
    let exchange = plain.header("x-tidegate-exchange").unwrap();
    gateway.record(exchange);
    assert_eq!(gateway.records().len(), 5, "of both listeners");
}

#[test]
fn long_bodies_and_many_requests_go_over_one_connection() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let mut connection = authority.client(&mut gateway).connect().unwrap();
    for length in [1, 16_384, 300_000, 7] {
        let text = format!("{} {CARD}", "word ".repeat(length / 5));
        let answer = connection.send(&request(&Chat::user(&text))).unwrap();
        assert_eq!(answer.said(), format!("You said: {text}"), "{length}");
    }
}

#[test]
fn whoever_does_not_trust_the_authority_gets_nothing() {
    let (provider, authority, other) = (Provider::quoting(), Authority::here(), Authority::new());
    let mut gateway = authority.gateway(&provider);
    let client = authority.client(&mut gateway);
    let address = listens(gateway.program().ready()).to_owned();
    let stranger = TlsClient::trusting(&other.file("ca.pem"), &address).send(&request(&card())).err().unwrap();
    assert!(stranger.to_string().contains("UnknownIssuer"), "{stranger}");
    let elsewhere = client.clone().asking_for("gateway.example.com").send(&request(&card())).err().unwrap();
    assert!(elsewhere.to_string().contains("not valid for name"), "{elsewhere}");
    assert!(provider.requests().is_empty());
    assert_eq!(client.send(&request(&card())).unwrap().status, 200, "those who do are served on");
}

#[test]
fn http_in_the_clear_gets_no_answer_on_the_tls_port() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let address = listens(gateway.program().ready()).to_owned();
    let answer = Client::of(&address).send(&request(&card())).rest();
    // An alert of TLS at most: type 21, of two bytes.
    assert!(answer.is_empty() || (answer[0] == 21 && answer.len() == 7), "{answer:?}");
    assert!(provider.requests().is_empty());
    let wrote = gateway.wrote();
    assert!(!wrote.contains("4111") && !wrote.contains(&format!("Bearer {AGENT_KEY}")), "{wrote}");
    let plain = gateway.address().to_owned();
    assert!(TlsClient::trusting(&authority.file("ca.pem"), &plain).connect().is_err(), "nor TLS on the plain one");
}

#[test]
fn connections_that_never_shake_hands_stand_in_nobodys_way() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let client = authority.client(&mut gateway);
    let address = listens(gateway.program().ready()).to_owned();
    let silent: Vec<_> = (0..100).map(|_| TcpStream::connect(&address).unwrap()).collect();
    // Half a record: type 22, and a length of which nothing comes.
    let stuck: Vec<_> = (0..100).map(|_| Client::of(&address).send(&[22, 3, 1, 2, 0, 1])).collect();
    let answer = client.send(&request(&card())).unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.took < Duration::from_secs(5), "{:?}", answer.took);
    gateway.program().terminate();
    assert!(gateway.program().ended().success(), "nor in the way of the end");
    drop((silent, stuck));
}

#[test]
fn http_1_1_is_what_is_agreed_on() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let client = authority.client(&mut gateway);
    let both = client.clone().offering(&["h2", "http/1.1"]).connect().unwrap();
    assert_eq!(both.protocol().as_deref(), Some("http/1.1"));
    let refused = client.offering(&["h2"]).connect().err().unwrap();
    assert!(refused.to_string().contains("NoApplicationProtocol"), "{refused}");
    let old = TlsClient::of_tls_1_2(&authority.file("ca.pem"), listens(gateway.program().ready()));
    assert_eq!(old.send(&request(&card())).unwrap().status, 200);
}

#[test]
fn the_plain_listener_can_be_off() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut command = Command::new(binary("tidegate"));
    command.args(["run", "--key", AGENT_KEY, "--listen", "off", "--upstream"]);
    let program = Program::start(command.arg(format!("openai={}", provider.origin())).args(authority.flags()));
    assert!(program.ready()["listen"].is_null(), "{}", program.ready());
    let client = TlsClient::trusting(&authority.file("ca.pem"), listens(program.ready()));
    assert_eq!(client.send(&request(&card())).unwrap().status, 200);
}

#[test]
fn what_cannot_be_shown_is_refused_at_the_start() {
    let authority = Authority::here();
    authority.ca(&["issue", "other.example.com"]);
    let flags = |certificate: &str, key: &str| {
        let path = |name| authority.file(name).to_str().unwrap().to_owned();
        ["--listen-tls", "127.0.0.1:0", "--tls-cert", &path(certificate), "--tls-key", &path(key)].map(str::to_owned)
    };
    let secret = fs::read_to_string(authority.file("localhost.key")).unwrap();
    let cases = [
        (flags("localhost.pem", "other.example.com.key").to_vec(), "is not the key of"),
        (flags("localhost.pem", "localhost.pem").to_vec(), "holds no key"),
        (flags("localhost.key", "localhost.key").to_vec(), "holds no certificate"),
        (flags("nowhere.pem", "localhost.key").to_vec(), "cannot be read"),
        (flags("localhost.pem", "nowhere.key").to_vec(), "cannot be read"),
        (flags("localhost.pem", "localhost.key")[..4].to_vec(), "tls.key_file: is missing"),
        (flags("localhost.pem", "localhost.key")[2..].to_vec(), "means nothing without listen_tls"),
        (vec!["--listen-tls".into(), "nowhere".into()], "e.g. 127.0.0.1:8443"),
    ];
    for (flags, expected) in cases {
        let output = started(&flags);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {said}");
        assert!(output.stdout.is_empty() && said.contains(expected), "{expected}: {said}");
        assert!(!said.contains(secret.lines().nth(1).unwrap()), "{said}");
    }
}

fn started(flags: &[String]) -> Output {
    let mut command = Command::new(binary("tidegate"));
    command.args(["run", "--upstream", "local=http://127.0.0.1:9", "--key", AGENT_KEY, "--listen", "127.0.0.1:0"]);
    command.args(flags).output().unwrap()
}

#[test]
fn a_key_that_anybody_can_read_is_warned_about() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let quiet = authority.gateway(&provider);
    assert!(!quiet.wrote().contains("chmod"), "{}", quiet.wrote());
    fs::set_permissions(authority.file("localhost.key"), Permissions::from_mode(0o644)).unwrap();
    let gateway = authority.gateway(&provider);
    eventually("the warning", || gateway.wrote().contains("localhost.key: this key is open").then_some(()));
}

#[test]
fn a_renewed_certificate_is_shown_without_a_restart() {
    let (provider, authority) = (Provider::quoting(), Authority::here());
    let mut gateway = authority.gateway(&provider);
    let client = authority.client(&mut gateway);
    let mut open = client.connect().unwrap();
    let before = open.certificate();
    authority.ca(&["issue", "localhost", "127.0.0.1", "--renew"]);
    let fresh = eventually("the renewed certificate", || {
        Some(client.connect().unwrap().certificate()).filter(|shown| *shown != before)
    });
    assert_eq!(client.send(&request(&card())).unwrap().status, 200);
    assert_eq!(open.send(&request(&card())).unwrap().status, 200, "a connection goes on as it began");
    eventually("the event", || (gateway.count("certificate_reloaded") >= 1).then_some(()));

    authority.put("localhost.pem", "-----BEGIN CERTIFICATE-----\nbroken");
    eventually("the refusal", || (gateway.count("certificate_refused") >= 1).then_some(()));
    assert_eq!(client.connect().unwrap().certificate(), fresh, "the one before is shown on");
    gateway.hang_up();
    eventually("an answer to who asks", || (gateway.count("certificate_refused") >= 2).then_some(()));
    let refused = gateway.program().line("certificate_refused").unwrap();
    assert!(refused["message"].as_str().unwrap().contains("PEM is needed"), "{refused}");

    authority.ca(&["issue", "localhost", "127.0.0.1", "--renew"]);
    gateway.hang_up();
    eventually("the next one", || (gateway.count("certificate_reloaded") >= 2).then_some(()));
    assert_ne!(client.connect().unwrap().certificate(), fresh);
}

#[test]
fn show_and_check_tell_what_there_is() {
    let authority = Authority::here();
    let shown: Value = serde_json::from_str(&authority.ca(&["show", "--json"])).unwrap();
    assert_eq!(shown["issued"][0]["names"], serde_json::json!(["localhost", "127.0.0.1"]));
    assert_eq!(shown["trust"]["SSL_CERT_FILE"], authority.file("ca.pem").canonicalize().unwrap().to_str().unwrap());
    let pem = authority.file("localhost.pem");
    let gateway = |key: &str| {
        format!(
            "listen: off\nlisten_tls: 127.0.0.1:0\ntls: {{cert_file: {}, key_file: {key}}}\n\
             upstreams: [{{name: a, url: \"http://127.0.0.1:9\"}}]\nkeys: [{{name: a, key: k, upstreams: [a]}}]\n",
            pem.display()
        )
    };
    let scratch = Scratch::new();
    let check = |text: &str| {
        let file = scratch.file("gateway.yaml", text);
        Command::new(binary("tidegate")).args(["check", "--json"]).arg(file).output().unwrap()
    };
    assert!(check(&gateway("/nonexistent")).status.success(), "keys are not read by check");
    authority.put("localhost.pem", "none");
    let output = check(&gateway("/nonexistent"));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&findings[0]["line"], &findings[0]["key"]), (&3.into(), &"tls.cert_file".into()), "{findings}");
}
