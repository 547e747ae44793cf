import { createClock } from "./clock.ts";
import { levelOfWord } from "./levels.ts";
import { groupEnd, parseUserPattern, type GroupType } from "./user-pattern.ts";

/** A range of a sample line (characters) that a person named. */
export interface PatternMark {
  readonly start: number;
  readonly end: number;
  readonly field: string;
}

const encoder = new TextEncoder();
const TS = parseUserPattern("%{TIMESTAMP:ts}");

/**
 * A pattern (see `user-pattern.ts`) that reads a sample line and lines like
 * it. Marked ranges become groups of the kind that their text looks like, and
 * what varies between them a group that is not interpreted; without marks
 * the beginning of the line is guessed: time, level, names, then the message.
 */
export function suggestPattern(line: string, marks: readonly PatternMark[] = []): string {
  const usable = [...marks]
    .filter((m) => m.start < m.end && m.end <= line.length && m.start >= 0)
    .sort((a, b) => a.start - b.start)
    .filter((m, i, all) => i === 0 || m.start >= (all[i - 1]?.end ?? 0));
  return usable.length === 0 ? guess(line) : fromMarks(line, usable);
}

function fromMarks(line: string, marks: readonly PatternMark[]): string {
  let pattern = "";
  let at = 0;
  let unnamed = 0;
  const between = (text: string, last: boolean): string => {
    const named = marks.some((m) => m.field === "message");
    const varying = /^([^\p{L}\p{N}]*)(.*?[\p{L}\p{N}].*?)([^\p{L}\p{N}]*)$/su.exec(text);
    if (varying === null) return literal(text);
    const [, before = "", inner = "", after = ""] = varying;
    if (last && !named) return `${literal(before)}%{GREEDY:message}`;
    unnamed++;
    const field = unnamed === 1 ? "text" : `text_${unnamed}`;
    // A bracket closes what it opened; other marks at the end may come and go.
    const tail = last ? "" : literal(after);
    return `${literal(before)}%{${last ? "GREEDY" : inner.includes(" ") || tail === "" ? "DATA" : "NOTSPACE"}:${field}}${tail}`;
  };
  marks.forEach((mark, i) => {
    pattern += between(line.slice(at, mark.start), false);
    const last = i === marks.length - 1 && line.slice(mark.end).trim() === "";
    pattern += `%{${kindOf(line.slice(mark.start, mark.end), mark.field, last)}:${mark.field}}`;
    at = mark.end;
  });
  const rest = line.slice(at);
  return separated(rest.trim() === "" ? pattern : pattern + between(rest, true));
}

/** Two groups of open length need something between them: the first becomes a closed one where it can. */
function separated(pattern: string): string {
  return pattern.replace(
    /%\{(?:DATA|NOTSPACE):([^}]*)\}(?=%\{(?:DATA|NOTSPACE|GREEDY):)/g,
    "%{WORD:$1}",
  );
}

/** Text of a pattern that means itself. */
function literal(text: string): string {
  return text.replaceAll("%", "%%");
}

/** The type of group that a text looks like. */
function kindOf(text: string, field: string, last: boolean): GroupType {
  if (field === "message" && last) return "GREEDY";
  if (field === "ts" || timeEnd(text, 0) === text.length) return "TIMESTAMP";
  if (field === "level" && levelOfWord(text) !== null) return "LEVEL";
  for (const type of ["UUID", "IP", "INT", "NUMBER", "QUOTED"] as const)
    if (endOf(type, text) === text.length) return type;
  if (levelOfWord(text) !== null && /^[A-Z]{3,}$/.test(text)) return "LEVEL";
  if (last) return "GREEDY";
  if (/^\w+$/.test(text)) return "WORD";
  if (field === "host" && /^[\w.-]+$/.test(text)) return "HOST";
  return /\s/.test(text) ? "DATA" : "NOTSPACE";
}

function endOf(type: GroupType, text: string): number {
  const bytes = encoder.encode(text);
  return groupEnd(type, bytes, 0, bytes.length);
}

/** Place after a time at `at`, or -1. */
function timeEnd(line: string, at: number): number {
  const element = TS.ok ? TS.value[0] : undefined;
  if (element?.kind !== "group") return -1;
  const bytes = encoder.encode(line.slice(at, at + 64));
  let best = -1;
  for (const read of element.times) {
    const end = read(bytes, 0, bytes.length, createClock(2024));
    if (end > best) best = end;
  }
  return best < 0 ? -1 : at + best;
}

/** Groups that the beginning of a line may have before the message. */
const MOST_GROUPS = 8;

function guess(line: string): string {
  let pattern = "";
  let at = 0;
  const used = new Map<string, number>();
  const name = (wanted: string): string => {
    const count = (used.get(wanted) ?? 0) + 1;
    used.set(wanted, count);
    return count === 1 ? wanted : `${wanted}_${count}`;
  };
  for (let groups = 0; groups < MOST_GROUPS && at < line.length; groups++) {
    const mark = /^[\s[(<|,;-]*/.exec(line.slice(at))?.[0] ?? "";
    const from = at + mark.length;
    const found = guessGroup(line, from, mark, used);
    if (found === null) break;
    pattern += `${literal(mark)}%{${found.type}:${name(found.field)}}`;
    at = found.end;
    const after = /^[\])>:|,;]+/.exec(line.slice(at))?.[0] ?? "";
    pattern += literal(after);
    at += after.length;
  }
  const blanks = /^[\s|:-]*/.exec(line.slice(at))?.[0] ?? "";
  // At a dash or bar without a blank the message itself may begin.
  const gap = /\s/.test(blanks) || at === 0 ? blanks : "";
  return at >= line.length && used.size > 0
    ? pattern
    : `${pattern}${literal(gap)}%{GREEDY:message}`;
}

/** The group at a place, or null where the message begins. */
function guessGroup(
  line: string,
  from: number,
  mark: string,
  used: ReadonlyMap<string, number>,
): { type: GroupType; field: string; end: number } | null {
  if (!used.has("ts")) {
    const end = timeEnd(line, from);
    if (end > from) return { type: "TIMESTAMP", field: "ts", end };
  }
  const rest = line.slice(from);
  const word = /^[A-Za-z]+/.exec(rest)?.[0] ?? "";
  if (
    !used.has("level") &&
    word.length > 1 &&
    levelOfWord(word) !== null &&
    !/^\w/.test(rest.slice(word.length))
  )
    return { type: "LEVEL", field: "level", end: from + word.length };
  const bracket = /[[(<]$/.exec(mark)?.[0];
  if (bracket !== undefined) {
    const close = line.indexOf(bracket === "[" ? "]" : bracket === "(" ? ")" : ">", from);
    if (close > from) {
      const text = line.slice(from, close);
      const type = kindOf(text, "", false);
      const open = type === "WORD" || type === "NOTSPACE" ? "DATA" : type;
      return { type: open, field: /^\d+$/.test(text) ? "pid" : "context", end: close };
    }
  }
  const token = /^\S+/.exec(rest)?.[0] ?? "";
  for (const type of ["UUID", "IP", "INT", "NUMBER"] as const) {
    if (
      endOf(type, token.replace(/[:,;|]+$/, "")) === token.replace(/[:,;|]+$/, "").length &&
      token !== ""
    )
      return {
        type,
        field: type === "INT" || type === "NUMBER" ? "number" : type.toLowerCase(),
        end: from + token.replace(/[:,;|]+$/, "").length,
      };
  }
  // A word with a colon behind it is a program or a logger.
  const named = /^([\w./$-]+)(?:\[\d+\])?:(?=\s|$)/.exec(rest);
  if (named !== null && !used.has("service"))
    return { type: "NOTSPACE", field: "service", end: from + (named[1]?.length ?? 0) };
  return null;
}
