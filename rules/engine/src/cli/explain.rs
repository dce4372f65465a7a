//! `rules explain`: why a text is masked as it is, and why not.

use std::{
    io::{self, Read, Write},
    ops::Range,
};

use clap::Args;
use rules::{
    Action,
    explain::{Explanation, Found, Near, Told, explain},
};
use serde_json::{Value, json};

use super::{Channel, Failure, setup::Setup, style::Style};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The text; `-` reads it from standard input
    text: String,
    /// How the text is to be read
    #[arg(long, value_enum, default_value = "text")]
    channel: Channel,
    /// The message before, e.g. the question that the text answers
    #[arg(long, value_name = "QUESTION", default_value = "")]
    after: String,
    #[command(flatten)]
    setup: Setup,
    /// Show values; without it only their shape, as in dddd-dddd
    #[arg(long)]
    values: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  rules explain 'my card is 4111 1111 1111 1111'
  rules explain 'order 4111111111111112' --values                       why not?
  rules explain 'four five seven seven' --channel spoken --after 'last four of your social?'
  rules explain '12345678' --packs mypacks --policy strict.yaml --json

For each finding: its rule and pattern, how its score came about, which words spoke for it, why it bears this name, and
what the policy makes of it. Then what matched a pattern and is no finding, closest first, with the reason. `start` and
`end` count Unicode code points, the end exclusive.";

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let mut text = options.text.clone();
    if text == "-" {
        text.clear();
        io::stdin().lock().read_to_string(&mut text)?;
    }
    let (packs, policy) = (options.setup.packs()?, options.setup.policy()?);
    let (leg, direction) = options.setup.route();
    let told = Told { reading: options.channel.reading(), after: &options.after, text: &text, goes_on: false };
    let explanation = explain(&packs, &policy, leg, direction, told).map_err(|e| Failure::Usage(e.to_string()))?;
    let shown = Shown { text: &text, values: options.values, style: Style::of_stdout() };
    let mut out = io::stdout().lock();
    if options.json {
        return Ok(writeln!(out, "{}", shown.json(&explanation))?);
    }
    shown.write(&explanation, &mut out)?;
    Ok(out.flush()?)
}

struct Shown<'t> {
    text: &'t str,
    values: bool,
    style: Style,
}

impl Shown<'_> {
    fn json(&self, explanation: &Explanation) -> Value {
        let found = explanation.findings.iter().map(|f| self.placed(json!(f), &f.span));
        let near = explanation.near.iter().map(|n| self.placed(json!(n), &n.span));
        json!({"findings": found.collect::<Vec<_>>(), "near": near.collect::<Vec<_>>()})
    }

    fn placed(&self, mut value: Value, span: &Range<usize>) -> Value {
        let points = |to: usize| self.text.get(..to).map_or(0, |t| t.chars().count());
        value["start"] = points(span.start).into();
        value["end"] = points(span.end).into();
        if self.values {
            value["value"] = self.text.get(span.clone()).into();
        }
        value
    }

    fn what<'s>(&'s self, span: &Range<usize>, shape: &'s str) -> &'s str {
        if self.values { self.text.get(span.clone()).unwrap_or(shape) } else { shape }
    }

    fn write(&self, explanation: &Explanation, out: &mut impl Write) -> io::Result<()> {
        if explanation.findings.is_empty() {
            writeln!(out, "nothing is masked")?;
        }
        explanation.findings.iter().try_for_each(|f| self.write_found(f, out))?;
        if !explanation.near.is_empty() {
            writeln!(out, "{}", self.style.strong("why not"))?;
        }
        explanation.near.iter().try_for_each(|n| self.write_near(n, out))
    }

    fn write_found(&self, found: &Found, out: &mut impl Write) -> io::Result<()> {
        let action = if found.shadow { "none, the rule only watches".into() } else { name(found.action) };
        let what = self.what(&found.span, &found.shape);
        writeln!(out, "{}  {}", self.style.good(&found.entity), self.style.strong(what))?;
        let pattern = found.pattern.as_ref().map(|p| format!(", pattern `{p}`")).unwrap_or_default();
        writeln!(out, "  rule    {}@{}{pattern}, read {}", found.rule, found.version, tape(found.tape))?;
        writeln!(out, "  score   {}", steps(&found.steps, found.score))?;
        writeln!(out, "  because {}", found.because)?;
        for rival in &found.beside {
            writeln!(out, "  not     {} (pattern `{}`): {}", rival.rule, rival.pattern, rival.lost)?;
        }
        writeln!(out, "  action  {action}")
    }

    fn write_near(&self, near: &Near, out: &mut impl Write) -> io::Result<()> {
        let what = self.what(&near.span, &near.shape);
        writeln!(out, "  {} {} (pattern `{}`)  {what}", self.style.warn("not"), near.rule, near.pattern)?;
        let score = near.steps.last().map_or(0.0, |s| s.score);
        writeln!(out, "      {}; {}", near.says, self.style.faint(&steps(&near.steps, score)))
    }
}

fn steps(steps: &[rules::explain::Step], score: f64) -> String {
    if steps.is_empty() {
        return format!("{score:.2}");
    }
    steps.iter().map(|s| format!("{} {:.2}", s.because, s.score)).collect::<Vec<_>>().join(" -> ")
}

fn tape(tape: rules::TapeName) -> &'static str {
    match tape {
        rules::TapeName::Raw => "as written",
        rules::TapeName::Decoded => "decoded",
        rules::TapeName::Encoded => "encoded",
        rules::TapeName::Spoken | rules::TapeName::Partial => "as spoken",
    }
}

fn name(action: Action) -> String {
    json!(action).as_str().unwrap_or_default().to_owned()
}
