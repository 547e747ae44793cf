import type {
  Block,
  BlockDocument,
  Footnote,
  Inline,
  ReportSection,
  TableBlock,
} from "./blocks.ts";
import { plainText } from "./blocks.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { escapeText as esc } from "./svg.ts";

/** Nothing is loaded, whatever stands in the document. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/**
 * The whole report as one HTML file: nothing from outside, readable without its
 * script, which sorts tables and shows the source of a number under the pointer.
 */
export function renderHtml(document: BlockDocument): string {
  return `<!doctype html>
<html lang="${document.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Inquest">
<title>${esc(document.title)} – root cause analysis</title>
<style>${STYLE}</style>
</head>
<body>
${[head(document), ...document.sections.map((s) => section(s, document)), footnotes(document.footnotes, document)].join("\n")}
<footer>${esc(document.footer)}</footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function head({ title, subtitle, windows, verdict, status, version }: BlockDocument): string {
  const mark =
    status === "final"
      ? `<span class="status final">Final, version ${version}</span>`
      : `<span class="status">${status === "draft" ? "Draft" : "In review"}</span>`;
  return `<header><h1>${esc(title)}</h1><p class="muted">${mark} ${esc(subtitle)}</p><div class="windows">${windows
    .map(
      ({ which, text }) =>
        `<div><span class="mark mark-${which}"></span><strong>${which === "baseline" ? "Baseline" : "Incident"}</strong> ${esc(text)}</div>`,
    )
    .join("")}</div><p class="verdict">${esc(verdict)}</p></header>`;
}

/** The content of one slide as HTML, without its title. */
export function slideHtml(blocks: readonly Block[], document: BlockDocument): string {
  return all(blocks, document);
}

function section({ id, title, blocks, cards }: ReportSection, document: BlockDocument): string {
  const body = cards === true ? inCards(blocks, document) : all(blocks, document);
  return `<section id="${esc(id)}"><h2>${esc(title)}</h2>${body}</section>`;
}

function all(blocks: readonly Block[], document: BlockDocument): string {
  return blocks.map((b) => block(b, document)).join("");
}

/** Each heading of level 3 with what follows it; its first blocks stay with it on paper. */
function inCards(blocks: readonly Block[], document: BlockDocument): string {
  const starts = blocks.flatMap((b, i) => (b.kind === "heading" && b.level === 3 ? [i] : []));
  const before = all(blocks.slice(0, starts[0] ?? blocks.length), document);
  const cards = starts.map((from, k) => {
    const own = blocks.slice(from, starts[k + 1] ?? blocks.length);
    const kept = own.findIndex((b) => b.kind === "table" || b.kind === "picture");
    const split = kept < 0 ? own.length - 1 : own[kept]?.kind === "picture" ? kept + 1 : kept;
    return `<article class="card"><div class="keep">${all(own.slice(0, split), document)}</div>${all(own.slice(split), document)}</article>`;
  });
  return before + cards.join("");
}

function block(b: Block, document: BlockDocument): string {
  switch (b.kind) {
    case "heading": {
      const aside = b.aside === undefined ? "" : ` <span class="muted">${esc(b.aside)}</span>`;
      const [, number = "", text = b.text] = /^(\d+\. )(.*)$/s.exec(b.text) ?? [];
      return `<h${b.level} id="${esc(b.id)}">${number}${isolated(text)}${aside}</h${b.level}>`;
    }
    case "paragraph":
      return `<p${b.style === undefined ? "" : ` class="${b.style}"`}>${inlines(b.inlines, document)}</p>`;
    case "list": {
      const tag = b.ordered ? "ol" : "ul";
      return `<${tag}${b.style === undefined ? "" : ` class="legend"`}>${b.items.map((i) => `<li>${inlines(i, document)}</li>`).join("")}</${tag}>`;
    }
    case "table":
      return table(b, document);
    case "figures":
      return `<dl class="numbers">${b.figures
        .map(
          ({ label, value }) =>
            `<div><dt>${esc(label)}</dt><dd>${inlines(value, document)}</dd></div>`,
        )
        .join("")}</dl>`;
    case "picture":
      return `<figure><figcaption>${esc(b.caption)}</figcaption>${b.picture.svg}</figure>`;
    case "callout":
      return `<div class="callout ${b.tone}"><p>${b.title === "" ? "" : `<strong>${esc(b.title)}</strong> `}${inlines(b.inlines, document)}</p></div>`;
    case "code":
      return `${b.caption === "" ? "" : `<p class="muted">${esc(b.caption)}</p>`}<pre>${esc(b.text)}</pre>`;
    case "pageBreak":
      return `<div class="page-break"></div>`;
  }
}

/** A table of so few rows stays on one page, with its caption. */
const BRIEF = 6;

/** Columns share the width as they ask for; a table of short texts keeps its own. */
function table({ caption, columns, rows }: TableBlock, document: BlockDocument): string {
  const wide = columns.some((c) => c.width !== undefined);
  const total = columns.reduce((sum, c) => sum + (c.width ?? 1), 0);
  const group = wide
    ? `<colgroup>${columns.map((c) => `<col style="width:${(((c.width ?? 1) / total) * 100).toFixed(1)}%">`).join("")}</colgroup>`
    : "";
  const cls = (i: number): string => (columns[i]?.numeric === true ? ' class="num"' : "");
  const headless = columns.every((c) => c.title === "");
  const head = headless
    ? ""
    : `<thead><tr>${columns.map((c, i) => `<th scope="col"${cls(i)}>${esc(c.title)}</th>`).join("")}</tr></thead>`;
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, i) => `<td${cls(i)}>${inlines(cell, document)}</td>`).join("")}</tr>`,
    )
    .join("");
  const classes = [...(wide ? [] : ["small"]), ...(rows.length <= BRIEF ? ["brief"] : [])];
  return `<table${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}>${caption === "" ? "" : `<caption>${isolated(caption)}</caption>`}${group}${head}<tbody>${body}</tbody></table>`;
}

function inlines(list: readonly Inline[], document: BlockDocument): string {
  return list.map((i) => inline(i, document)).join("");
}

function inline(i: Inline, { footnotes: notes }: BlockDocument): string {
  switch (i.kind) {
    case "break":
      return "<br>";
    case "ref":
      return `<a href="#${esc(i.target)}">${esc(i.text)}</a>`;
    case "number": {
      const index = notes.findIndex((n) => n.id === i.note);
      const note = notes[index];
      const hover = note === undefined ? "" : ` title="${esc(plainText(note.inlines))}"`;
      const byHand = i.findingIds.length === 0;
      return `<span class="figure${byHand ? " by-hand" : ""}"${hover}>${esc(i.text)}<sup><a href="#${esc(i.note)}">${byHand ? "typed" : index + 1}</a></sup></span>`;
    }
    case "text": {
      const tone = i.tone === undefined ? "" : ` class="${i.tone}"`;
      const text = isolated(i.text);
      if (i.code === true) return `<code${tone}>${esc(i.text)}</code>`;
      if (i.strong === true) return `<strong${tone}>${text}</strong>`;
      return tone === "" ? text : `<span${tone}>${text}</span>`;
    }
  }
}

/** Text that turns the direction of writing is closed off from what follows. */
function isolated(text: string): string {
  return /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]/.test(text)
    ? `<bdi>${esc(text)}</bdi>`
    : esc(text);
}

function footnotes(notes: readonly Footnote[], document: BlockDocument): string {
  if (notes.length === 0) return "";
  return `<section id="sources"><h2>Sources of the numbers</h2><ol class="notes">${notes
    .map((n) => `<li id="${esc(n.id)}">${inlines(n.inlines, document)}</li>`)
    .join("")}</ol></section>`;
}
