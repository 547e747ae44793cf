import { GAP } from "./chunk-kinds.ts";
import { LineScanner } from "./line-scanner.ts";
import { EMPTY, eachPiece } from "./pieces.ts";
import type { Template, TemplatePart } from "./template.ts";

/** How a message is made of a template: with `messageOf` it gives back every byte. */
export interface TemplateMatch {
  /** Which of the template's forms it has. */
  readonly form: number;
  /** One text for each `<*>`. */
  readonly parameters: readonly string[];
  /** Blanks before and after, and what stands in gaps whose width differs. */
  readonly gaps: readonly string[];
}

/** The parameters of a message of this template; null if it is of another. */
export function parametersOf(template: Template, message: string): string[] | null {
  const match = matchTemplate(template, message);
  return match === null ? null : [...match.parameters];
}

/** As `parametersOf`, with what else is needed to write the message again. */
export function matchTemplate(template: Template, message: string): TemplateMatch | null {
  const pieces = piecesOf(message);
  for (const [form, parts] of template.forms.entries()) {
    const spans = alignParts(parts, pieces.list);
    if (spans === null) continue;
    const parameters: string[] = [];
    const gaps = [pieces.before];
    parts.forEach((part, i) => {
      if (part.kind === "text") return;
      const text = pieces.list
        .slice(spans[i], spans[i + 1])
        .map((piece) => piece.text)
        .join("");
      (part.kind === "gap" ? gaps : parameters).push(text);
    });
    gaps.push(pieces.after);
    return { form, parameters, gaps };
  }
  return null;
}

/** The message that a match was made of. */
export function messageOf(template: Template, match: TemplateMatch): string {
  const parts = template.forms[match.form] ?? [];
  let message = match.gaps[0] ?? "";
  let parameter = 0;
  let gap = 1;
  for (const part of parts) {
    if (part.kind === "text") message += part.text;
    else if (part.kind === "gap") message += match.gaps[gap++] ?? "";
    else message += match.parameters[parameter++] ?? "";
  }
  return message + (match.gaps[gap] ?? "");
}

interface Piece {
  readonly kind: number;
  readonly text: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const scanner = new LineScanner();

/** The tokens of a message as the scanner cuts it, values with their texts. */
function piecesOf(message: string): { list: Piece[]; before: string; after: string } {
  const bytes = encoder.encode(message);
  scanner.scan(bytes, 0, bytes.length);
  const { kinds, starts, ends, count } = scanner;
  const textAt = (from: number, to: number): string => decoder.decode(bytes.subarray(from, to));
  const texts = Array.from({ length: count }, (_, i) => textAt(starts[i] ?? 0, ends[i] ?? 0));
  const list: Piece[] = [];
  eachPiece(kinds, texts, (kind, text) => list.push({ kind, text }));
  const first = count === 0 ? bytes.length : (starts[0] ?? 0);
  const last = count === 0 ? bytes.length : (ends[count - 1] ?? 0);
  return { list, before: textAt(0, first), after: textAt(last, bytes.length) };
}

/**
 * Where each part begins among the pieces, with the end at last; null if they do
 * not fit. A passage takes as few pieces as it can.
 */
function alignParts(parts: readonly TemplatePart[], pieces: readonly Piece[]): number[] | null {
  const passages = parts.filter((part) => part.kind === "passage").length;
  if (parts.length - passages > pieces.length - passages) return null;
  if (passages === 0 && parts.length !== pieces.length) return null;
  const starts: number[] = [];
  const dead = new Set<number>();
  const fits = (part: number, piece: number): boolean => {
    const wanted = parts[part];
    if (wanted === undefined) {
      starts[part] = piece;
      return piece === pieces.length;
    }
    const key = part * (pieces.length + 1) + piece;
    if (piece >= pieces.length || dead.has(key)) return false;
    starts[part] = piece;
    const most = wanted.kind === "passage" ? pieces.length : piece + 1;
    if (isPart(wanted, pieces[piece])) {
      for (let next = piece + 1; next <= most; next++) {
        if (fits(part + 1, next)) {
          starts[part] = piece;
          return true;
        }
      }
    }
    dead.add(key);
    return false;
  };
  return fits(0, 0) ? starts : null;
}

function isPart(part: TemplatePart, piece: Piece | undefined): boolean {
  if (piece === undefined) return false;
  switch (part.kind) {
    case "text":
      return piece.text === part.text && (piece.text !== "" || piece.kind === EMPTY);
    case "gap":
      return piece.kind === GAP && piece.text.replace(/\s+/g, " ") === part.text;
    case "value":
    case "passage":
      return piece.kind !== GAP || part.kind === "passage";
  }
}
