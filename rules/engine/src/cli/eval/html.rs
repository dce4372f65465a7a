//! The page of `rules eval --report`: one file that needs nothing else, readable in the dark, by a screen reader and on paper.

use super::{
    Measured,
    score::{self, Change, Counts},
    table::three,
};

/// Spans that are listed one by one.
const LISTED: usize = 200;

pub(super) fn page(measured: &Measured) -> String {
    let mut body = String::new();
    body.push_str(&format!(
        "<h1>What the rules mask</h1>\n<p class=\"of\">Policy <b>{}</b>. Packs {}.</p>\n",
        escape(&measured.policy),
        escape(&measured.packs)
    ));
    body.push_str(&files(measured));
    for (channel, entities) in measured.score.channels() {
        let rows: String = entities.iter().map(|(entity, counts)| row(entity, counts)).collect();
        body.push_str(&format!(
            "<h2>Labelled values, {channel}</h2>\n<table>\n<caption>Covered: every character is masked. The line over a bar \
             is the 95&nbsp;% interval.</caption>\n<thead><tr><th scope=\"col\">Entity</th><th scope=\"col\">Recall</th>\
             {}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
            heads(&["", "of", "covered", "partial", "missed", "right name", "precision", "F2"])
        ));
    }
    body.push_str(&benign(measured));
    body.push_str(&against(measured));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Rules: what is masked</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6b7b; --line: #d9e0e7; --back: #fbfcfd; --bar: #2f7d6b; \
--part: #d9a441; --miss: #e3e8ed; --bad: #b3392f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4eaf0; --soft: #9aa9b8; --line: #2c3843; --back: #131a21; \
--bar: #4fb49c; --part: #d9a441; --miss: #26313b; --bad: #f08a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p.of, caption { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .5rem; font-size: .9rem; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
thead th { color: var(--soft); font-weight: 500; font-size: .85rem; }
th:first-child, td:first-child, td.text { text-align: left; }
tbody th { font-weight: 600; }
td.bar { width: 30%; min-width: 9rem; }
svg { display: block; width: 100%; height: 1.1rem; }
.bad { color: var(--bad); font-weight: 600; }
.wide { overflow-x: auto; }
code { font: .9em ui-monospace, monospace; }
@media print { body { background: none; } }
";

fn files(measured: &Measured) -> String {
    let items: Vec<String> = measured.files.iter().map(|(file, lines)| format!("{} ({lines})", escape(file))).collect();
    format!("<p class=\"of\">Files and their lines: {}.</p>\n", items.join(", "))
}

fn heads(names: &[&str]) -> String {
    names.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect()
}

fn row(entity: &str, counts: &Counts) -> String {
    let right = (counts.covered > 0).then(|| counts.right as f64 / counts.covered as f64);
    let cells = [
        three(counts.recall()),
        counts.n().to_string(),
        counts.covered.to_string(),
        counts.partial.to_string(),
        counts.missed.to_string(),
        three(right),
        three(counts.precision()),
        three(counts.f2()),
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{}</th><td class=\"bar\">{}</td>{cells}</tr>\n", escape(entity), bar(counts))
}

/// Covered and partial of all, and the interval of the first.
fn bar(counts: &Counts) -> String {
    let (Some(recall), Some((low, high))) = (counts.recall(), counts.ci95()) else { return "none labelled".into() };
    let partial = counts.partial as f64 / counts.n() as f64;
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    format!(
        "<svg role=\"img\" aria-label=\"{:.1} % covered, 95 % interval {:.1} to {:.1} %\">\
         <rect width=\"100%\" height=\"100%\" rx=\"3\" fill=\"var(--miss)\"/>\
         <rect width=\"{}\" height=\"100%\" rx=\"3\" fill=\"var(--bar)\"/>\
         <rect x=\"{}\" width=\"{}\" height=\"100%\" fill=\"var(--part)\"/>\
         <line x1=\"{}\" x2=\"{}\" y1=\"50%\" y2=\"50%\" stroke=\"var(--ink)\" stroke-width=\"2\"/></svg>",
        recall * 100.0,
        low * 100.0,
        high * 100.0,
        percent(recall),
        percent(recall),
        percent(partial),
        percent(low),
        percent(high)
    )
}

fn benign(measured: &Measured) -> String {
    let benign = &measured.benign;
    if benign.utterances == 0 {
        return String::new();
    }
    let (masked, of) = (benign.masked, benign.utterances);
    format!(
        "<h2>Benign text</h2>\n<p>In {masked} of {of} utterances ({:.2} %) something is masked that should not be: {} spans.</p>\n{}",
        100.0 * masked as f64 / of as f64,
        benign.spans.len(),
        changes("Falsely masked", &benign.spans)
    )
}

fn against(measured: &Measured) -> String {
    let Some(against) = &measured.against else { return String::new() };
    let class = if against.released.is_empty() { "" } else { " class=\"bad\"" };
    format!(
        "<h2>Against other packs</h2>\n<p class=\"of\">Compared with {}.</p>\n<p>Newly masked: {}. <span{class}>Newly released: \
         {}.</span></p>\n{}{}",
        escape(&against.packs),
        against.masked.len(),
        against.released.len(),
        changes("Newly released", &against.released),
        changes("Newly masked", &against.masked)
    )
}

fn changes(caption: &str, changes: &[Change]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let counts: Vec<String> = score::counts(changes).iter().map(|(e, n)| format!("{} {n}", escape(e))).collect();
    let rest = changes.len().saturating_sub(LISTED);
    let more = if rest > 0 { format!("; {rest} more are not listed") } else { String::new() };
    let of = |c: &Change| {
        format!(
            "<tr><td>{}</td><td class=\"text\">{}</td><td class=\"text\"><code>{}</code></td><td>{}&ndash;{}</td><td \
             class=\"text\">{}</td></tr>\n",
            escape(&c.entity),
            escape(&c.file),
            escape(&c.id.to_string()),
            c.start,
            c.end,
            escape(c.value.as_deref().unwrap_or(""))
        )
    };
    let rows: String = changes.iter().take(LISTED).map(of).collect();
    format!(
        "<div class=\"wide\"><table>\n<caption>{caption}: {}{more}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table></div>\n",
        counts.join(", "),
        heads(&["Entity", "File", "Id", "Characters", "Text"])
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Marks that turn the direction of what follows, and other invisible ones.
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escape("<a href=\"x\" o='y'>&\u{202e}"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;\u{fffd}");
    }
}
