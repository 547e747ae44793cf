import type { Finding } from "../model/finding.ts";
import type { Shift } from "../model/shift.ts";
import { chartSvg } from "./charts.ts";
import { reportDocument, effectText, type NumberedQuery, type ReportDocument } from "./document.ts";
import { bytes, ended, integer, numberText, pValue, time } from "./format.ts";
import { STYLE } from "./html-style.ts";
import { effectMeanings, METHODS, REPEATING } from "./methods.ts";
import type { ReportInput } from "./report-input.ts";
import { escapeText as esc } from "./svg.ts";

/** The whole report as one HTML file: no script, nothing from outside. */
export function renderHtml(input: ReportInput): string {
  const document = reportDocument(input);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Inquest ${esc(input.version)}">
<title>${esc(document.title)} – root cause analysis</title>
<style>${STYLE}</style>
</head>
<body>
${[
  head(document),
  section("Summary", document.summary.map((p) => `<p class="lead">${prose(p)}</p>`).join("")),
  section("Key numbers", keyNumbers(document)),
  section("Findings", findings(document)),
  section("What changed", shifts(document)),
  section("Together and by segment", depth(document)),
  section("Model performance", models(document)),
  section("Suspects", suspects(document)),
  section("Events", events(document)),
  section("Evidence", evidence(document)),
  section("What could not be read", failed(document)),
  section("Methods and limits", methods()),
  section("Appendix: queries", queries(document)),
].join("\n")}
<footer>Made by Inquest ${esc(input.version)} on ${esc(document.generated)}. Times in UTC. Baseline is blue and solid, incident orange and hatched, throughout.</footer>
</body>
</html>
`;
}

/** A sentence in which `names` stand between backticks. */
function prose(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 1 ? `<code>${esc(part)}</code>` : esc(part)))
    .join("");
}

function section(title: string, body: string): string {
  return body === "" ? "" : `<section><h2>${esc(title)}</h2>${body}</section>`;
}

function head({ title, generated, windows, verdict }: ReportDocument): string {
  return `<header><h1>${esc(title)}</h1><p class="muted">Root cause analysis, as of ${esc(generated)}</p><div class="windows">${windows
    .map(
      ({ which, text }) =>
        `<div><span class="mark mark-${which}"></span><strong>${which === "baseline" ? "Baseline" : "Incident"}</strong> ${esc(text)}</div>`,
    )
    .join("")}</div><p class="verdict">${esc(verdict)}</p></header>`;
}

function keyNumbers(document: ReportDocument): string {
  return `<dl class="numbers">${document.keyNumbers
    .map(({ label, value }) => `<div><dt>${esc(label)}</dt><dd>${esc(value)}</dd></div>`)
    .join("")}</dl>`;
}

function findings({ findings: all, queries: numbered, input }: ReportDocument): string {
  if (all.length === 0) {
    return `<p class="muted">No finding has been put on record yet. What follows is the machine's comparison.</p>`;
  }
  return all
    .map((finding, index) => {
      const query = numbered.find((q) => q.finding.id === finding.id);
      const note = finding.note
        .split(/\n\s*\n/)
        .filter((p) => p.trim() !== "")
        .map((p) => `<p>${esc(p.trim())}</p>`)
        .join("");
      const chart =
        finding.chart === null
          ? ""
          : `<figure><figcaption>${esc(finding.chart.title)}</figcaption>${chartSvg(finding.chart, input.state.windows, `chart-${index + 1}`)}</figure>`;
      const statement = finding.statement === "" ? "" : `<p>${prose(finding.statement)}</p>`;
      return `<article class="finding" id="finding-${index + 1}"><div class="keep"><h3><span class="no">${index + 1}</span>${esc(finding.title)}</h3>${statement}${note}${chart}</div>${numbersTable(finding)}${rowsTable(finding)}${source(finding, query, input)}</article>`;
    })
    .join("");
}

/** Numbers of both windows, and beside them what was computed between them. */
function numbersTable({ numbers }: Finding): string {
  if (numbers === null) return "";
  const { header, cells } = numbers;
  if (header[1] !== "Baseline") return smallTable(header, cells, prose, "");
  const between = cells.filter((row) => (row[3] ?? "") !== "");
  const windows = cells.filter((row) => !between.includes(row)).map((row) => row.slice(0, 3));
  const right = smallTable(
    ["", header[3] ?? ""],
    between.map((row) => [row[0] ?? "", row[3] ?? ""]),
    number,
    ' class="num"',
  );
  const left = smallTable(header.slice(0, 3), windows, number, ' class="num"');
  return `<div class="pair keep">${left}${between.length === 0 ? "" : right}</div>`;
}

function number(text: string): string {
  return esc(numberText(text));
}

/** A table whose first column names the row. */
function smallTable(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  show: (text: string) => string,
  cls: string,
): string {
  const head = header.map((h, i) => `<th scope="col"${i === 0 ? "" : cls}>${esc(h)}</th>`);
  const rows = cells.map((row) => {
    const rest = row.map((cell, i) =>
      i === 0 ? `<td>${esc(cell)}</td>` : `<td${cls}>${show(cell)}</td>`,
    );
    return `<tr>${rest.join("")}</tr>`;
  });
  return `<table class="small"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function rowsTable({ rows }: Finding): string {
  if (rows.length === 0) return "";
  return `<table${rows.length > 8 ? "" : ' class="keep"'}><caption>Rows of the evidence</caption><thead><tr><th scope="col">File</th><th scope="col" class="num">Line</th><th scope="col">Text</th></tr></thead><tbody>${rows
    .map(
      (r) =>
        `<tr><td class="nowrap">${esc(r.evidenceId)}</td><td class="num">${integer(r.line)}</td><td class="mono">${esc(r.text)}</td></tr>`,
    )
    .join("")}</tbody></table>`;
}

/** Names of the first files; the rest by number. */
function source(
  finding: Finding,
  query: NumberedQuery | undefined,
  { state }: ReportInput,
): string {
  if (finding.provenance === null && finding.evidenceIds.length === 0) {
    return `<p class="source">A note; it stands on its author's word.</p>`;
  }
  const names = finding.evidenceIds.slice(0, 6).map((id) => {
    const file = state.evidence.find((e) => e.id === id);
    return file === undefined ? esc(id) : `${esc(id)} <bdi>${esc(file.name)}</bdi>`;
  });
  const more = finding.evidenceIds.length - names.length;
  const files = `${names.join(", ")}${more > 0 ? ` and ${integer(more)} more` : ""}`;
  const asked =
    query === undefined
      ? ""
      : ` · query ${query.id}, ${integer(query.rows)} ${query.rows === 1 ? "row" : "rows"}, digest <span class="mono">${esc(query.digest.slice(0, 16))}…</span>`;
  return `<p class="source">Source: ${files}${asked}</p>`;
}

/** A gap in the evidence is not a change in the system. */
function cutWarning({ cut }: ReportDocument): string {
  if (cut.length === 0) return "";
  const items = cut.map(
    (c) => `<li><strong>${esc(c.id)}</strong> <bdi>${esc(c.name)}</bdi>: ${prose(c.why)}</li>`,
  );
  return `<div class="caution"><p><strong>Evidence that may be incomplete.</strong> Where it ends, the numbers end, not the traffic.</p><ul>${items.join("")}</ul></div>`;
}

function shifts(doc: ReportDocument): string {
  return cutWarning(doc) + shiftsTable(doc);
}

function shiftsTable({ shifts: all, shiftsLeftOut, input }: ReportDocument): string {
  if (input.comparison === null) return `<p class="muted">The windows were not compared.</p>`;
  if (all.length === 0) {
    return `<p>Nothing differs beyond the thresholds.</p>${otherChanges(input)}`;
  }
  const rest =
    shiftsLeftOut === 0
      ? ""
      : `<p class="muted">${integer(shiftsLeftOut)} weaker shifts are in findings.json.</p>`;
  return `<p class="muted">Differences between baseline and incident, strongest first.</p><table class="shifts"><thead><tr><th scope="col">Verdict</th><th scope="col">What</th><th scope="col">In words</th><th scope="col" class="num">Effect</th><th scope="col" class="num">q</th></tr></thead><tbody>${all
    .map(
      (s) =>
        `<tr><td class="${s.verdict}">${s.verdict}</td><td><strong>${esc(s.subject.name)}</strong><br><span class="muted">${esc(s.table)}</span></td><td>${prose(s.sentence)}</td><td class="num">${esc(effectText(s))}</td><td class="num">${esc(pValue(s.q))}</td></tr>`,
    )
    .join("")}</tbody></table>${rest}${legend(all)}${otherChanges(input)}`;
}

/** The words of the table above. */
function legend(all: readonly Shift[]): string {
  return `<ul class="legend">${effectMeanings(all)
    .map(({ title, text }) => `<li><strong>${esc(title)}</strong>: ${esc(text)}</li>`)
    .join("")}</ul>`;
}

/** Columns that came or went, and tables that could not be compared. */
function otherChanges({ comparison }: ReportInput): string {
  const items = [
    ...(comparison?.schemaChanges ?? []).map(
      (s) =>
        `<li><code>${esc(s.column)}</code> in <code>${esc(s.table)}</code> ${esc(s.change.replaceAll("_", " "))}: ${prose(s.why)}</li>`,
    ),
    ...(comparison?.tables ?? []).flatMap((t) =>
      t.skipped === null
        ? []
        : [`<li><code>${esc(t.table)}</code> not compared: ${prose(t.skipped)}</li>`],
    ),
  ];
  return items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
}

function depth({ depth: all }: ReportDocument): string {
  return all
    .map(
      ({ table, statements }) =>
        `<h3>${esc(table)}</h3><ul>${statements.map((s) => `<li>${prose(s)}</li>`).join("")}</ul>`,
    )
    .join("");
}

function models({ models: all }: ReportDocument): string {
  return all
    .map((model) => {
      const said = model.statements.map((s) => `<li>${prose(s)}</li>`).join("");
      const tables = model.tables.map(
        ({ caption, header, rows }) =>
          `<table class="small model"><caption>${esc(caption)}</caption><thead><tr>${header
            .map((h, k) => `<th scope="col"${k === 0 ? "" : ' class="num"'}>${esc(h)}</th>`)
            .join("")}</tr></thead><tbody>${rows
            .map(
              (row) =>
                `<tr>${row.map((cell, k) => `<td${k === 0 ? "" : ' class="num"'}>${esc(cell)}</td>`).join("")}</tr>`,
            )
            .join("")}</tbody></table>`,
      );
      const notes = model.notes.map((n) => `<p class="muted">${prose(n)}</p>`).join("");
      return `<h3>${esc(model.title)}</h3>${said === "" ? "" : `<ul>${said}</ul>`}${tables.join("")}${notes}`;
    })
    .join("");
}

const SIGNS = { supports: "✓", contradicts: "✗", unknown: "?" } as const;
const WORDS = { supports: "for", contradicts: "against", unknown: "not known" } as const;

function suspects({ suspects: all }: ReportDocument): string {
  if (all.length === 0) return "";
  return `<p class="muted">A suspect is something that moved, not a proven cause.</p>${all
    .map(
      (s) =>
        `<div class="suspect"><h3>${s.rank}. <bdi>${esc(s.name)}</bdi> <span class="muted">${esc(s.kind)}, ${esc(s.layer)}${s.service === null ? "" : `, ${esc(s.service)}`}</span></h3><p>${prose(ended(s.sentence))}${s.onset === null ? "" : ` Began to move ${esc(time(s.onset.at))}.`}</p><ul class="checks">${s.checks
          .map(
            (k) =>
              `<li class="${k.result}"><span class="sign">${SIGNS[k.result]}</span>${esc(k.name.replaceAll("_", " "))} (${WORDS[k.result]}): ${prose(k.why)}</li>`,
          )
          .join("")}</ul></div>`,
    )
    .join("")}`;
}

function events({ input }: ReportDocument): string {
  if (input.timeline.length === 0) return "";
  return `<table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Kind</th><th scope="col">What</th><th scope="col">Service</th><th scope="col">Source</th></tr></thead><tbody>${input.timeline
    .map(
      (e) =>
        `<tr><td class="nowrap">${esc(time(e.at).replace(" UTC", ""))}</td><td>${esc(e.kind)}</td><td>${esc(e.title)}</td><td>${esc(e.service ?? "")}</td><td class="nowrap">E${e.evidence}, line ${integer(e.line)}</td></tr>`,
    )
    .join("")}</tbody></table>`;
}

/** Two lines for each file, below a line for what they have in common. */
function evidence({ input }: ReportDocument): string {
  let above = "";
  const rows = input.state.evidence.map((e) => {
    const zone =
      e.options.timezone === undefined
        ? ""
        : `, times without offset read as ${e.options.timezone}`;
    const common = `<strong>${esc(e.table)}</strong> by the importer ${esc(e.importer)}${esc(zone)}`;
    const heading =
      common === above ? "" : `<tr class="common"><td colspan="6">${common}</td></tr>`;
    above = common;
    const notes = e.notes.map(
      ({ kind, message, count }) =>
        `<tr class="note"><td></td><td colspan="5"${kind === "warning" ? ' class="warning"' : ""}>${esc(message)}${count === undefined || count === 1 ? "" : ` (${integer(count)})`}</td></tr>`,
    );
    const times = [e.from, e.to].map((t) => esc(t === null ? "–" : time(t).slice(0, 16)));
    return `<tbody class="file">${heading}<tr class="name"><td class="nowrap">${esc(e.id)}</td><td><bdi>${esc(e.name)}</bdi></td><td class="num">${esc(bytes(e.size))}</td><td class="num">${integer(e.rows)}</td><td class="num">${integer(e.rejected)}</td><td class="nowrap">${times[0] ?? ""}</td></tr><tr><td></td><td colspan="4" class="mono">${esc(e.sha256)}</td><td class="nowrap">${times[1] ?? ""}</td></tr>${notes.join("")}</tbody>`;
  });
  return `<p class="muted">Every file by its SHA-256. Records in the file = imported + rejected. First and last time in UTC.</p><table class="files"><thead><tr><th scope="col">Id</th><th scope="col">File and SHA-256</th><th scope="col" class="num">Size</th><th scope="col" class="num">Imported</th><th scope="col" class="num">Rejected</th><th scope="col">From, to</th></tr></thead>${rows.join("")}</table>`;
}

function failed({ input }: ReportDocument): string {
  if (input.failed.length === 0) return "";
  return `<ul>${input.failed
    .map(
      (f) =>
        `<li><strong><bdi>${esc(f.path)}</bdi></strong>: ${esc(f.reason)} ${esc(f.advice)}</li>`,
    )
    .join("")}</ul>`;
}

function methods(): string {
  return METHODS.map(
    ({ title, text }) => `<p><strong>${esc(title)}.</strong> ${esc(text)}</p>`,
  ).join("");
}

function queries({ queries: all }: ReportDocument): string {
  if (all.length === 0) return "";
  return `${REPEATING.map((p) => `<p>${prose(p)}</p>`).join("")}${all
    .map(
      (q) =>
        `<div class="query"><h3>${q.id} <span class="muted">${esc(q.finding.title)}</span></h3><pre>${esc(q.sql)}</pre><p class="source">Parameters <span class="mono">${esc(q.parameters)}</span><br>Result: ${integer(q.rows)} ${q.rows === 1 ? "row" : "rows"}, SHA-256 <span class="mono">${esc(q.digest)}</span></p></div>`,
    )
    .join("")}`;
}
