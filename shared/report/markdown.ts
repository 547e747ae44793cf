import { effectText, reportDocument } from "./document.ts";
import { distributionShares } from "./charts.ts";
import { bytes, ended, integer, number, numberText, percent, pValue, time } from "./format.ts";
import type { FindingChart } from "../model/finding.ts";
import { effectMeanings, METHODS, REPEATING } from "./methods.ts";
import type { ReportInput } from "./report-input.ts";

/** The report as Markdown: the same content and numbers as the HTML, without pictures. */
export function renderMarkdown(input: ReportInput): string {
  const doc = reportDocument(input);
  const { state } = input;
  const parts: string[] = [
    `# ${md(doc.title)}`,
    `Root cause analysis, as of ${doc.generated}`,
    doc.windows
      .map((w) => `- **${w.which === "baseline" ? "Baseline" : "Incident"}** ${md(w.text)}`)
      .join("\n"),
    `> ${md(doc.verdict)}`,
    "## Summary",
    ...doc.summary.map(md),
    "## Key numbers",
    table(
      ["", ""],
      doc.keyNumbers.map((n) => [n.label, n.value]),
    ),
    "## Findings",
  ];
  doc.findings.forEach((finding, index) => {
    const query = doc.queries.find((q) => q.finding.id === finding.id);
    parts.push(`### ${index + 1}. ${md(finding.title)}`);
    if (finding.statement !== "") parts.push(md(finding.statement));
    if (finding.note.trim() !== "") parts.push(md(finding.note.trim()));
    if (finding.chart !== null) parts.push(...chartNumbers(finding.chart));
    if (finding.numbers !== null)
      parts.push(
        table(
          finding.numbers.header,
          finding.numbers.cells.map((row) =>
            row.map((cell, i) => (i === 0 ? cell : numberText(cell))),
          ),
        ),
      );
    if (finding.rows.length > 0) {
      parts.push(
        table(
          ["File", "Line", "Text"],
          finding.rows.map((r) => [r.evidenceId, integer(r.line), r.text]),
        ),
      );
    }
    parts.push(
      query === undefined
        ? "Source: a note, or evidence without a query."
        : `Source: ${finding.evidenceIds.slice(0, 6).join(", ")}${finding.evidenceIds.length > 6 ? ` and ${finding.evidenceIds.length - 6} more` : ""} · query ${query.id}, digest \`${query.digest.slice(0, 16)}…\``,
    );
  });
  parts.push("## What changed");
  if (doc.cut.length > 0) {
    parts.push(
      "**Evidence that may be incomplete.** Where it ends, the numbers end, not the traffic.",
      doc.cut.map((c) => `- ${c.id} ${code(c.name)}: ${md(c.why)}`).join("\n"),
    );
  }
  parts.push(
    table(
      ["Verdict", "What", "In words", "Effect", "q"],
      doc.shifts.map((s) => [
        s.verdict,
        `${s.subject.name} (${s.table})`,
        s.sentence,
        effectText(s),
        pValue(s.q),
      ]),
    ),
  );
  if (doc.shiftsLeftOut > 0) {
    parts.push(`${integer(doc.shiftsLeftOut)} weaker shifts are in findings.json.`);
  }
  if (doc.shifts.length > 0) {
    const legend = effectMeanings(doc.shifts);
    parts.push(legend.map((m) => `- **${md(m.title)}**: ${md(m.text)}`).join("\n"));
  }
  parts.push(
    [
      ...(input.comparison?.schemaChanges ?? []).map(
        (s) => `- ${code(s.column)} in ${code(s.table)} ${md(s.change)}: ${md(s.why)}`,
      ),
      ...(input.comparison?.tables ?? []).flatMap((t) =>
        t.skipped === null ? [] : [`- ${code(t.table)} not compared: ${md(t.skipped)}`],
      ),
    ].join("\n"),
  );
  if (doc.depth.length > 0) {
    parts.push("## Together and by segment");
    for (const { table: name, statements } of doc.depth) {
      parts.push(`### ${md(name)}`, statements.map((s) => `- ${md(s)}`).join("\n"));
    }
  }
  if (doc.models.length > 0) {
    parts.push("## Model performance");
    for (const model of doc.models) {
      parts.push(`### ${md(model.title)}`, model.statements.map((s) => `- ${md(s)}`).join("\n"));
      for (const t of model.tables) parts.push(md(t.caption), table(t.header, t.rows));
      parts.push(...model.notes.map(md));
    }
  }
  if (doc.suspects.length > 0) {
    parts.push("## Suspects", "A suspect is something that moved, not a proven cause.");
    for (const s of doc.suspects) {
      parts.push(
        `${s.rank}. **${md(s.name)}** (${s.kind}, ${s.layer}): ${md(ended(s.sentence))}${s.onset === null ? "" : ` Began to move ${time(s.onset.at)}.`}\n${s.checks
          .map((k) => `   - ${k.result} – ${md(k.name.replaceAll("_", " "))}: ${md(k.why)}`)
          .join("\n")}`,
      );
    }
  }
  if (input.timeline.length > 0) {
    parts.push("## Events");
    parts.push(
      table(
        ["Time", "Kind", "What", "Service", "Source"],
        input.timeline.map((e) => [
          time(e.at),
          e.kind,
          e.title,
          e.service ?? "",
          `E${e.evidence}, line ${e.line}`,
        ]),
      ),
    );
  }
  parts.push("## Evidence");
  parts.push(
    table(
      ["Id", "File", "SHA-256", "Importer", "Table", "Size", "Imported", "Rejected", "From", "To"],
      state.evidence.map((e) => [
        e.id,
        e.name,
        e.sha256,
        e.importer,
        e.table,
        bytes(e.size),
        integer(e.rows),
        integer(e.rejected),
        time(e.from),
        time(e.to),
      ]),
    ),
  );
  const notes = state.evidence.flatMap((e) =>
    e.notes.map(
      (n) =>
        `- ${e.id}: ${md(n.message)}${n.count === undefined || n.count === 1 ? "" : ` (${integer(n.count)})`}`,
    ),
  );
  if (notes.length > 0) parts.push(notes.join("\n"));
  if (input.failed.length > 0) {
    parts.push("## What could not be read");
    parts.push(
      input.failed.map((f) => `- **${md(f.path)}**: ${md(f.reason)} ${md(f.advice)}`).join("\n"),
    );
  }
  parts.push("## Methods and limits", ...METHODS.map((m) => `**${m.title}.** ${md(m.text)}`));
  if (doc.queries.length > 0) {
    parts.push("## Appendix: queries", ...REPEATING.map(md));
    for (const q of doc.queries) {
      parts.push(
        `### ${q.id} ${md(q.finding.title)}`,
        fenced(q.sql),
        `Parameters ${code(q.parameters)}; ${integer(q.rows)} rows, SHA-256 \`${q.digest}\``,
      );
    }
  }
  return `${parts.filter((p) => p !== "").join("\n\n")}\n`;
}

/** The numbers of a picture. */
function chartNumbers(chart: FindingChart): string[] {
  const title = `${md(chart.title)}${chart.unit === undefined ? "" : ` (${md(chart.unit)})`}`;
  if (chart.kind === "distribution") {
    const rows = distributionShares(chart.distribution);
    return [
      title,
      table(
        ["", "Baseline", "Incident"],
        rows.map((r) => [r.name, percent(r.baseline), percent(r.incident)]),
      ),
    ];
  }
  const finite = (values: readonly (number | null)[]): number[] => values.filter((v) => v !== null);
  const low = finite(chart.min).reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite(chart.max).reduce((a, b) => Math.max(a, b), -Infinity);
  const last = chart.times.at(-1) ?? null;
  return low > high
    ? []
    : [
        `${title}: ${number(low)} to ${number(high)}, ${time(chart.times[0] ?? null)} to ${time(last)}.`,
      ];
}

/** Text that Markdown and HTML inside it leave alone; `names` between backticks become code. */
export function md(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 1 ? code(part).replaceAll("|", "\\|") : plain(part)))
    .join("");
}

function plain(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>#|~&]/g, "\\$&");
}

/** Code in as many backticks as it needs. */
function code(text: string): string {
  const line = visible(text).replaceAll("\n", " ");
  if (line.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

function fenced(sql: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(sql) + 1));
  return `${fence}sql\n${sql}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Controls that turn the direction of what follows would reverse numbers: shown by their code. */
function visible(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (c) => `(U+${c.charCodeAt(0).toString(16).toUpperCase()})`,
  );
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cell = (text: string): string => md(text).replaceAll("\n", " ");
  return [
    `| ${header.map(cell).join(" | ")} |`,
    `| ${header.map(() => "---").join(" | ")} |`,
    ...rows.map((r) => `| ${r.map(cell).join(" | ")} |`),
  ].join("\n");
}
