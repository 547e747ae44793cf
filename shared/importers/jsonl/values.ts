import {
  compileTime,
  detectTimeLayout,
  type TimeLayout,
  type TimeParser,
  type TimeSettings,
} from "../times.ts";
import {
  levelOfBytes,
  levelOfNumber,
  levelOfOtel,
  levelOfSyslog,
  levelOfWord,
  type Level,
} from "../text-log/levels.ts";
import { Kind, stringOf, type Key } from "./scan.ts";

const encoder = new TextEncoder();

/** Reads times of JSON values: texts in the sampled layout (or any other), numbers by their magnitude. */
export class TimeReader {
  /** Times that said no zone. */
  readonly settings: TimeSettings;
  #parsers = new Map<TimeLayout, TimeParser>();
  #texts: TimeParser | null;

  constructor(layout: TimeLayout | null, settings: TimeSettings) {
    this.settings = settings;
    this.#texts = layout === null ? null : this.#parser(layout);
  }

  /** µs UTC, or NaN. */
  read(bytes: Uint8Array, kind: Kind, start: number, end: number): number {
    if (kind === Kind.Number) return this.#number(bytes, start, end);
    if (kind === Kind.String) {
      const micros = this.#texts?.(bytes, start, end) ?? NaN;
      return Number.isNaN(micros) ? this.#other(stringOf(bytes, kind, start, end)) : micros;
    }
    return kind === Kind.Escaped ? this.#other(stringOf(bytes, kind, start, end)) : NaN;
  }

  /** A text in another layout than the sampled one. */
  #other(text: string): number {
    const found = detectTimeLayout([text]);
    if (found === null) return NaN;
    const bytes = encoder.encode(text);
    return this.#parser(found.layout)(bytes, 0, bytes.length);
  }

  #number(bytes: Uint8Array, start: number, end: number): number {
    let whole = start;
    while (whole < end && (bytes[whole] ?? 0) >= 0x30 && (bytes[whole] ?? 0) <= 0x39) whole++;
    const digits = whole - start;
    const layout =
      digits <= 10 ? "epoch-s" : digits <= 13 ? "epoch-ms" : digits <= 16 ? "epoch-us" : "epoch-ns";
    const micros = this.#parser(layout)(bytes, start, end);
    // 1990 to 2100, as for texts: a counter is no time.
    return micros >= 631_152_000e6 && micros <= 4_102_444_800e6 ? micros : NaN;
  }

  #parser(layout: TimeLayout): TimeParser {
    let parser = this.#parsers.get(layout);
    if (parser === undefined) {
      parser = compileTime(layout, this.settings);
      this.#parsers.set(layout, parser);
    }
    return parser;
  }
}

/** The level that a value of a key means, or null. */
export function levelOf(
  key: Key,
  bytes: Uint8Array,
  kind: Kind,
  start: number,
  end: number,
): Level | null {
  if (kind === Kind.String) {
    const level = levelOfBytes(bytes, start, end);
    if (level !== null || end - start > 12) return level;
  } else if (kind !== Kind.Number) return null;
  const text = stringOf(bytes, kind, start, end);
  const path = key.path.toLowerCase();
  const value = text === "" ? NaN : Number(text);
  if (Number.isNaN(value)) return levelOfWord(text);
  if (path === "priority" || path === "syslog.severity") return levelOfSyslog(value);
  if (path === "severity_number" || path === "severitynumber") return levelOfOtel(value);
  // 0 to 7 may count up or down: syslog and its opposite are both in use.
  return value < 10 ? null : levelOfNumber(value, path === "levelno");
}

/**
 * JSON text of a value as it may stand in `fields`: the original bytes, with
 * bare NaN and Infinity as texts, since JSON has none.
 */
export function withoutBareNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}
