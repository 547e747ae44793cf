import type { FollowerChange, ParameterChange, TemplateChange } from "../model/log-comparison.ts";
import { ended, integer, number, percent, time } from "./format.ts";
import { md, table } from "./markdown-text.ts";

export interface LogMarkdownInput {
  readonly change: TemplateChange;
  /** Those that moved; may be empty. */
  readonly parameters: readonly ParameterChange[];
  readonly followers: readonly FollowerChange[];
}

/** One template of the log comparison as Markdown for a ticket or a chat. */
export function logMarkdown({ change, parameters, followers }: LogMarkdownInput): string {
  const { baseline, incident } = change;
  const parts = [
    `### ${md(`\`${change.name ?? change.text}\``)}`,
    `- **${change.verdict === "none" ? "no change" : change.verdict}**: ${md(ended(change.sentence))}`,
    table(
      ["", "Baseline", "Incident"],
      [
        ["lines", integer(baseline.lines), integer(incident.lines)],
        ["lines per second", number(baseline.rate), number(incident.rate)],
        ["share of its services' lines", percent(baseline.share), percent(incident.share)],
      ],
    ),
    `First seen ${time(change.first)}, last seen ${time(change.last)}`,
    bullets(
      change.where.map(
        (w) =>
          `${w.of} \`${w.name}\`: ${percent(w.share)} of its lines, ${number(w.lift)} times as much as of all lines`,
      ),
    ),
    bullets(parameters.map((p) => `${p.name} after \`${p.after}\`: ${p.sentence}`)),
    bullets(followers.map((f) => `\`${f.then.text}\` ${f.sentence}, after \`${f.first.text}\``)),
    ...change.examples.map(
      (row) => `> ${md(row.text)}\n> (${row.evidenceId}, line ${integer(row.line)})`,
    ),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${md(line)}`).join("\n");
}
