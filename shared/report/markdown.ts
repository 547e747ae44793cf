import type { Block, BlockDocument, Inline, TableBlock } from "./blocks.ts";
import { codeText, fenced, md, plainMd, rawTable } from "./markdown-text.ts";

/** The report as Markdown: the same content and numbers as the HTML, with the numbers of pictures. */
export function renderMarkdown(document: BlockDocument): string {
  const status =
    document.status === "final"
      ? `Final, version ${document.version}`
      : statusWord(document.status);
  const parts = [
    `# ${plainMd(document.title)}`,
    `**${status}.** ${plainMd(document.subtitle)}`,
    document.windows
      .map((w) => `- **${w.which === "baseline" ? "Baseline" : "Incident"}** ${plainMd(w.text)}`)
      .join("\n"),
    `> ${plainMd(document.verdict)}`,
    ...document.sections.flatMap((s) => [
      `## ${plainMd(s.title)}`,
      ...s.blocks.flatMap((b) => block(b)),
    ]),
    document.footnotes
      .map((n) => `[^${n.id}]: ${inlines(n.inlines).replaceAll("\n", " ")}`)
      .join("\n"),
    plainMd(document.footer),
  ];
  return `${parts.filter((p) => p !== "").join("\n\n")}\n`;
}

function statusWord(status: "draft" | "in review"): string {
  return status === "draft" ? "Draft" : "In review";
}

function block(b: Block): string[] {
  switch (b.kind) {
    case "heading": {
      const aside = b.aside === undefined ? "" : ` (${plainMd(b.aside)})`;
      return [`${"#".repeat(b.level)} ${plainMd(b.text)}${aside}`];
    }
    case "paragraph":
      return [inlines(b.inlines)];
    case "list":
      return [
        b.items.map((item, i) => `${b.ordered ? `${i + 1}.` : "-"} ${inlines(item)}`).join("\n"),
      ];
    case "table":
      return tableParts(b);
    case "figures":
      return [
        rawTable(
          ["", ""],
          b.figures.map(({ label, value }) => [plainMd(label), cell(value)]),
        ),
      ];
    case "picture":
      return [
        ...(b.numbers === undefined
          ? [`*${plainMd(b.picture.alt)}*`]
          : [plainMd(b.caption), ...tableParts(b.numbers)]),
      ];
    case "callout":
      return [
        `> ${b.title === "" ? "" : `**${plainMd(b.title)}** `}${inlines(b.inlines).replaceAll("\n", " ")}`,
      ];
    case "code":
      return [...(b.caption === "" ? [] : [plainMd(b.caption)]), fenced(b.text, "sql")];
    case "pageBreak":
      return [];
  }
}

function tableParts({ caption, columns, rows }: TableBlock): string[] {
  return [
    caption === "" ? "" : plainMd(caption),
    rawTable(
      columns.map((c) => md(c.title)),
      rows.map((row) => row.map(cell)),
    ),
  ];
}

/** Inlines within a table: a bar would end the cell. */
function cell(list: readonly Inline[]): string {
  return list
    .map((i) =>
      i.kind === "text" && i.code === true ? inline(i).replaceAll("|", "\\|") : inline(i),
    )
    .join("")
    .replaceAll("\n", " ");
}

function inlines(list: readonly Inline[]): string {
  return list.map(inline).join("");
}

function inline(i: Inline): string {
  switch (i.kind) {
    case "break":
      return "  \n";
    case "ref":
      return `[${plainMd(i.text)}](#${i.target})`;
    case "number":
      return `${plainMd(i.text)}${i.findingIds.length === 0 ? " (typed by hand)" : ""}[^${i.note}]`;
    case "text":
      if (i.code === true) return codeText(i.text);
      return i.strong === true ? `**${plainMd(i.text)}**` : plainMd(i.text);
  }
}
