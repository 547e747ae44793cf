import { effectText, reportDocument } from "./document.ts";
import { bytes, integer, pValue, time } from "./format.ts";
import { METHODS } from "./methods.ts";
import type { ReportInput } from "./report-input.ts";

/** The report as Markdown: the same content and numbers as the HTML, without pictures. */
export function renderMarkdown(input: ReportInput): string {
  const doc = reportDocument(input);
  const { state } = input;
  const parts: string[] = [
    `# ${md(doc.title)}`,
    `Root cause analysis, as of ${doc.generated}`,
    doc.windows.map((w) => `- **${w.which === "baseline" ? "Baseline" : "Incident"}** ${md(w.text)}`).join("\n"),
    `> ${md(doc.verdict)}`,
    "## Summary",
    ...doc.summary.map(md),
    "## Key numbers",
    table(["", ""], doc.keyNumbers.map((n) => [n.label, n.value])),
    "## Findings",
  ];
  doc.findings.forEach((finding, index) => {
    const query = doc.queries.find((q) => q.finding.id === finding.id);
    parts.push(`### ${index + 1}. ${md(finding.title)}`);
    if (finding.statement !== "") parts.push(md(finding.statement));
    if (finding.note.trim() !== "") parts.push(md(finding.note.trim()));
    if (finding.numbers !== null) parts.push(table(finding.numbers.header, finding.numbers.cells));
    if (finding.rows.length > 0) {
      parts.push(table(["File", "Line", "Text"], finding.rows.map((r) => [r.evidenceId, integer(r.line), r.text])));
    }
    parts.push(
      query === undefined
        ? "Source: a note, or evidence without a query."
        : `Source: ${finding.evidenceIds.slice(0, 6).join(", ")}${finding.evidenceIds.length > 6 ? ` and ${finding.evidenceIds.length - 6} more` : ""} · query ${query.id}, digest \`${query.digest.slice(0, 16)}…\``,
    );
  });
  parts.push("## What changed");
  parts.push(
    table(
      ["Verdict", "What", "In words", "Effect", "q"],
      doc.shifts.map((s) => [s.verdict, `${s.subject.name} (${s.table})`, s.sentence, effectText(s), pValue(s.q)]),
    ),
  );
  if (doc.suspects.length > 0) {
    parts.push("## Suspects", "A suspect is something that moved, not a proven cause.");
    for (const s of doc.suspects) {
      parts.push(
        `${s.rank}. **${md(s.name)}** (${s.kind}, ${s.layer}): ${md(s.sentence)}${s.onset === null ? "" : ` Began to move ${time(s.onset.at)}.`}\n${s.checks
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
        input.timeline.map((e) => [time(e.at), e.kind, e.title, e.service ?? "", `E${e.evidence}, line ${e.line}`]),
      ),
    );
  }
  parts.push("## Evidence");
  parts.push(
    table(
      ["Id", "File", "SHA-256", "Size", "Imported", "Rejected", "From", "To"],
      state.evidence.map((e) => [e.id, e.name, e.sha256, bytes(e.size), integer(e.rows), integer(e.rejected), time(e.from), time(e.to)]),
    ),
  );
  if (input.failed.length > 0) {
    parts.push("## What could not be read");
    parts.push(input.failed.map((f) => `- **${md(f.path)}**: ${md(f.reason)} ${md(f.advice)}`).join("\n"));
  }
  parts.push("## Methods and limits", ...METHODS.map((m) => `**${m.title}.** ${md(m.text)}`));
  if (doc.queries.length > 0) {
    parts.push("## Appendix: queries");
    for (const q of doc.queries) {
      parts.push(
        `### ${q.id} ${md(q.finding.title)}`,
        `\`\`\`sql\n${q.sql}\n\`\`\``,
        `Parameters \`${q.parameters}\`; ${integer(q.rows)} rows, SHA-256 \`${q.digest}\``,
      );
    }
  }
  return `${parts.filter((p) => p !== "").join("\n\n")}\n`;
}

/** Text that Markdown and HTML inside it leave alone. */
function md(text: string): string {
  return text.replace(/[\\*_[\]<>#|]/g, "\\$&");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cell = (text: string): string => md(text).replaceAll("\n", " ");
  return [
    `| ${header.map(cell).join(" | ")} |`,
    `| ${header.map(() => "---").join(" | ")} |`,
    ...rows.map((r) => `| ${r.map(cell).join(" | ")} |`),
  ].join("\n");
}
