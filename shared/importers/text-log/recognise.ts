import { textOf } from "./bytes.ts";
import { createClock } from "./clock.ts";
import { LAYOUTS, type LogLayout } from "./layouts.ts";
import { layoutReader, newHead, readAnywhere, readMixed, type ReadLine } from "./line-reader.ts";
import { readJvmLog } from "./jvm-log.ts";
import { isLogfmt, readLogfmt } from "./logfmt.ts";
import { isW3c, w3cReader, type DirectedReader } from "./w3c.ts";

/** How a file's lines are read, and how sure that is. */
export interface Recognised {
  readonly id: string;
  readonly name: string;
  readonly read: ReadLine;
  /** For lines that describe those below and are no records; a part of such a file cannot be read without what is before it. */
  readonly skips?: DirectedReader["skips"];
  /** 0 to 1, for choosing between importers. */
  readonly confidence: number;
  /** Another layout that fits the sample almost as well. */
  readonly runnerUp: string | null;
  /** Lines that do not begin a record belong to the one before. */
  readonly joins: boolean;
  /** Share of the sample's lines that begin a record. */
  readonly share: number;
}

interface Score {
  readonly layout: LogLayout;
  readonly read: ReadLine;
  /** Lines with the layout's time in its place. */
  readonly begun: number;
  /** Of these, lines whose rest fits too. */
  readonly exact: number;
  readonly first: boolean;
}

/** Lines of the sample that are looked at. */
const SAMPLE = 1000;

/** The layout of a file by its first lines (without line ends, as UTF-8). */
export function recognise(sample: readonly Uint8Array[]): Recognised {
  const lines = sample.filter((line) => !isEmpty(line)).slice(0, SAMPLE);
  const total = Math.max(1, lines.length);
  if (lines.length > 0 && lines.filter(isLogfmt).length > total / 2) {
    return { ...plain("logfmt", "logfmt (key=value)", readLogfmt, 0.85), share: 1, joins: true };
  }
  if (isW3c(lines)) {
    const { read, skips } = w3cReader();
    const share = count(read, lines) / total;
    return { ...plain("w3c", "W3C extended log (IIS and others)", read, 0.95), share, skips };
  }
  const jvm = count(readJvmLog, lines);
  if (jvm > total / 2) {
    const name = "JVM unified log (garbage collection)";
    return { ...plain("jvm-gc", name, readJvmLog, 0.9), share: jvm / total, joins: true };
  }
  const best = choose(
    LAYOUTS.map((layout) => score(layout, lines)),
    total,
  );
  if (best !== null) {
    const share = best.winner.begun / total;
    return {
      id: best.winner.layout.id,
      name: best.winner.layout.name,
      read: best.winner.read,
      confidence: confidence(best.winner, share, lines),
      runnerUp: best.runnerUp,
      joins: true,
      share,
    };
  }
  const anywhere = count(readAnywhere, lines) / total;
  if (anywhere >= 0.5) {
    const sure = isJson(lines) ? 0.05 : 0.45;
    return {
      ...plain("anywhere", "a time near the beginning of the line", readAnywhere, sure),
      share: anywhere,
      joins: true,
    };
  }
  const confident = isJson(lines) ? 0.05 : anywhere > 0 ? 0.2 : 0.1;
  return { ...plain("text", "text without times", readMixed, confident), share: anywhere };
}

function plain(id: string, name: string, read: ReadLine, confident: number): Recognised {
  return { id, name, read, confidence: confident, runnerUp: null, joins: false, share: 0 };
}

function score(layout: LogLayout, lines: readonly Uint8Array[]): Score {
  const read = layoutReader(layout);
  const clock = createClock(2024);
  const head = newHead();
  let begun = 0;
  let exact = 0;
  let first = false;
  lines.forEach((line, i) => {
    if (!read(line, 0, line.length, clock, head)) return;
    begun++;
    if (head.exact) exact++;
    if (i === 0) first = true;
  });
  return { layout, read, begun, exact, first };
}

function count(read: ReadLine, lines: readonly Uint8Array[]): number {
  const clock = createClock(2024);
  const head = newHead();
  return lines.filter((line) => read(line, 0, line.length, clock, head)).length;
}

/**
 * Among the layouts that begin (nearly) the most records, the one that
 * explains the most lines in full; one of the generic layouts only where no
 * other explains half of them.
 */
function choose(
  scores: readonly Score[],
  total: number,
): { winner: Score; runnerUp: string | null } | null {
  const usable = scores.filter((s) => s.begun > 0 && (s.first || s.begun >= total * 0.1));
  const most = Math.max(0, ...usable.map((s) => s.begun));
  const group = usable.filter((s) => s.begun >= most * 0.95);
  const exact = group.filter((s) => s.layout.generic !== true && s.exact >= s.begun * 0.5);
  const winner =
    largest(exact, (s) => s.exact) ??
    largest(
      group.filter((s) => s.layout.generic === true),
      (s) => s.begun,
    );
  if (winner === null) return null;
  const rival = largest(
    exact.filter((s) => s !== winner),
    (s) => s.exact,
  );
  const close = rival !== null && rival.exact >= winner.exact * 0.9 && rival.exact < winner.exact;
  return { winner, runnerUp: close ? rival.layout.name : null };
}

/** The first of the largest. */
function largest(scores: readonly Score[], by: (score: Score) => number): Score | null {
  let best: Score | null = null;
  for (const candidate of scores) if (best === null || by(candidate) > by(best)) best = candidate;
  return best;
}

function confidence(winner: Score, share: number, lines: readonly Uint8Array[]): number {
  if (isJson(lines)) return 0.05;
  if (winner.layout.generic !== true) return share > 0.2 ? 0.9 : 0.7;
  // A table may begin with a time too.
  if (isDelimited(lines)) return 0.3;
  return winner.layout.id.endsWith("clock") ? 0.4 : share > 0.2 ? 0.7 : 0.5;
}

function isJson(lines: readonly Uint8Array[]): boolean {
  return (
    lines.filter((line) => line[0] === 0x7b || line[0] === 0x5b).length > lines.length / 2 &&
    lines.filter((line) => line[0] === 0x7b).length > lines.length / 3
  );
}

/** All lines have the same number (two or more) of commas, semicolons or tabs. */
function isDelimited(lines: readonly Uint8Array[]): boolean {
  // Zeek and Exchange name their columns in such lines.
  if (lines.some((line) => startsWith(line, "#Fields:") || startsWith(line, "#fields")))
    return true;
  return [0x2c, 0x3b, 0x09].some((delimiter) => {
    const counts = lines
      .slice(0, 100)
      .map((line) => line.reduce((n, byte) => n + (byte === delimiter ? 1 : 0), 0));
    const first = counts[0] ?? 0;
    return lines.length > 1 && first >= 2 && counts.every((n) => n === first);
  });
}

function startsWith(line: Uint8Array, text: string): boolean {
  return textOf(line, 0, Math.min(line.length, text.length)) === text;
}

function isEmpty(line: Uint8Array): boolean {
  return line.every((byte) => byte <= 0x20);
}
