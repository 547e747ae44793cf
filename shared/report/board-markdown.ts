import type { BoardGroup, BoardRow } from "../model/board.ts";
import { ended, time } from "./format.ts";
import { md } from "./markdown-text.ts";

/** The board as Markdown: a heading for each branch, a line for each change. */
export function boardMarkdown(
  groups: readonly { readonly title: string; readonly group: BoardGroup }[],
): string {
  const parts = groups.map(({ title, group: { rows, same } }) => [
    `## ${title}`,
    rows.map(lineOf).join("\n"),
    same > 0 ? `${String(same)} compared without a change.` : rows.length > 0 ? "" : "No evidence.",
  ]);
  const all = ["# What changed", ...parts.flat()];
  return `${all.filter((part) => part !== "").join("\n\n")}\n`;
}

function lineOf({ name, of, sentence, verdict, at }: BoardRow): string {
  const size = verdict === null ? "" : ` (${verdict})`;
  const when = at === null ? "" : `, ${time(at)}`;
  return `- **${md(name)}**${size}, ${md(of)}${when}: ${md(ended(sentence))}`;
}
