import type { Finding } from "../model/finding.ts";
import { partsOf } from "../reasoning/linked-numbers.ts";
import type { Block, Footnote, Inline } from "./blocks.ts";
import { integer } from "./format.ts";
import type { ReportDocument } from "./document.ts";

/** Text with `names` between backticks. */
export function prose(text: string): Inline[] {
  return text
    .split(/`([^`]*)`/)
    .map((part, i): Inline => ({
      kind: "text",
      text: part,
      ...(i % 2 === 1 ? { code: true } : {}),
    }))
    .filter((inline) => inline.kind !== "text" || inline.text !== "");
}

export function words(
  text: string,
  how: { strong?: boolean; code?: boolean; tone?: "major" | "minor" | "good" | "muted" } = {},
): Inline {
  return { kind: "text", text, ...how };
}

export function paragraph(text: string, style?: "lead" | "muted" | "source"): Block {
  return { kind: "paragraph", inlines: prose(text), ...(style === undefined ? {} : { style }) };
}

/**
 * Sources of the numbers in what people wrote, in the order in which they come
 * up: one footnote for each finding, one for all numbers without a source.
 */
export class Sources {
  readonly #notes = new Map<string, Footnote>();

  constructor(private readonly doc: ReportDocument) {}

  /** Paragraphs and lists (`- ` at the begin of a line) of a text that a person wrote. */
  authored(text: string, style?: "lead"): Block[] {
    return text
      .split(/\n\s*\n/)
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .flatMap((part) => this.#part(part, style));
  }

  /** One run of text that a person wrote. */
  inlines(text: string): Inline[] {
    return partsOf(text, this.doc.findings).map((part): Inline => {
      if (part.kind === "number") {
        return {
          kind: "number",
          text: part.text,
          findingIds: part.findingId === null ? [] : [part.findingId],
          note: part.findingId === null ? this.#byHand() : this.#ofFinding(part.findingId),
        };
      }
      return { kind: "text", text: part.text, ...(part.kind === "code" ? { code: true } : {}) };
    });
  }

  footnotes(): Footnote[] {
    return [...this.#notes.values()];
  }

  #part(part: string, style?: "lead"): Block[] {
    const lines = part.split("\n");
    const isItem = (line: string): boolean => /^\s*[-*•]\s+/.test(line);
    if (!lines.some(isItem)) {
      const inlines = this.inlines(lines.join(" "));
      return [{ kind: "paragraph", inlines, ...(style === undefined ? {} : { style }) }];
    }
    const before = lines.slice(0, lines.findIndex(isItem));
    const items: string[] = [];
    for (const line of lines.slice(before.length)) {
      if (isItem(line)) items.push(line.replace(/^\s*[-*•]\s+/, ""));
      else items[items.length - 1] = `${items.at(-1) ?? ""} ${line.trim()}`;
    }
    const list: Block = { kind: "list", ordered: false, items: items.map((i) => this.inlines(i)) };
    return before.length === 0
      ? [list]
      : [{ kind: "paragraph", inlines: this.inlines(before.join(" ")) }, list];
  }

  #byHand(): string {
    return this.#note("by-hand", () => [
      words("Typed by hand: no finding of this case holds this number."),
    ]);
  }

  #ofFinding(id: string): string {
    return this.#note(id, () => sourceOf(this.doc, id));
  }

  #note(key: string, make: () => Inline[]): string {
    const known = this.#notes.get(key);
    if (known !== undefined) return known.id;
    const id = `note-${this.#notes.size + 1}`;
    this.#notes.set(key, { id, inlines: make() });
    return id;
  }
}

/** Files with their SHA-256, rows or lines, query, parameters and digest of a finding. */
function sourceOf(doc: ReportDocument, id: string): Inline[] {
  const index = doc.findings.findIndex((f) => f.id === id);
  const finding = doc.findings[index];
  if (finding === undefined) return [words("The finding is no longer part of the case.")];
  const query = doc.queries.find((q) => q.finding.id === id);
  return [
    { kind: "ref", text: `Finding ${index + 1}`, target: `finding-${index + 1}` },
    words(`: ${finding.title}. ${filesOf(finding, doc)}${linesOf(finding)}`),
    ...(query === undefined
      ? [words(" A note without a query.")]
      : [
          words(` Query ${query.id}: `),
          words(query.sql, { code: true }),
          words(`; parameters `),
          words(query.parameters, { code: true }),
          words(
            `; ${integer(query.rows)} ${query.rows === 1 ? "row" : "rows"}, SHA-256 of the result `,
          ),
          words(query.digest, { code: true }),
          words("."),
        ]),
  ];
}

const MOST_FILES = 6;
const MOST_LINES = 12;

function filesOf(finding: Finding, { input }: ReportDocument): string {
  if (finding.evidenceIds.length === 0) return "";
  const named = finding.evidenceIds.slice(0, MOST_FILES).map((id) => {
    const file = input.state.evidence.find((e) => e.id === id);
    return file === undefined ? id : `${id} ${file.name} (SHA-256 ${file.sha256})`;
  });
  const more = finding.evidenceIds.length - named.length;
  return `Files: ${named.join(", ")}${more > 0 ? ` and ${integer(more)} more` : ""}.`;
}

function linesOf({ rows }: Finding): string {
  if (rows.length === 0) return "";
  const named = rows.slice(0, MOST_LINES).map((r) => `${r.evidenceId} line ${integer(r.line)}`);
  const more = rows.length - named.length;
  return ` Rows: ${named.join(", ")}${more > 0 ? ` and ${integer(more)} more` : ""}.`;
}
