import { isBlank, textOf } from "./bytes.ts";
import type { Level } from "./levels.ts";

/** Begins the stack trace of an exception: `java.lang.X: text`, `System.X: text`, `Exception in thread "main" …`. */
const EXCEPTION =
  /^(?:Exception in thread |Unhandled exception[.:]|(?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable)\b|[A-Z]\w*(?:Error|Exception)(?::|$| \[))/;
/** Goes on with one: Java's cause, Ruby's frames, closing brackets of an object that Node printed. */
const FURTHER = /^(?:Caused by: |Suppressed: |\.\.\. \d+ |[^\s:]+\.rb:\d+:in |[}\])]+[,;]?$)/;
const TRACEBACK = "Traceback (most recent call last)";
/** Python's sentences between the exceptions of a chain. */
const CHAINED = /^(?:During handling of the above|The above exception was)/;
/** The exception at the end of a traceback. */
const PYTHON_END = /^[A-Za-z_][\w.]*(?::|$)/;
const PANIC = /^(?:panic: |fatal error: )/;
/** Lines of a Go panic: signal, goroutine, function, exit status. */
const GOROUTINE = /^(?:\[signal |goroutine \d+|created by |exit status |[\w./*()·{}-]+\(.*\)$)/;

const encoder = new TextEncoder();

/** First bytes of `FURTHER`, Ruby's frames aside: they follow an error. */
const FIRST = new Set(encoder.encode(".CS}])"));

/** Characters of a line that are looked at. */
const REACH = 300;

/**
 * Tells which lines belong to the stack trace of the line before them:
 * Java, .NET, Python, Go, Node and Ruby.
 */
export class TraceState {
  #inside: "nothing" | "python" | "python-end" | "go" = "nothing";
  #severe = false;

  /** A record begins with this line. */
  begin(bytes: Uint8Array, start: number, end: number, level: Level | null): void {
    this.#severe = level === "error" || level === "fatal" || level === "warn";
    this.#inside = "nothing";
    const first = bytes[start] ?? 0;
    // Of `Traceback`, `panic` and `fatal`.
    if (first !== 0x54 && first !== 0x70 && first !== 0x66) return;
    const text = textOf(bytes, start, Math.min(end, start + REACH));
    this.#inside = text.startsWith(TRACEBACK) ? "python" : PANIC.test(text) ? "go" : "nothing";
  }

  /** Whether a line continues the record; `near` when it was written right after the record's last line. */
  continues(bytes: Uint8Array, start: number, end: number, near: boolean): boolean {
    if (start >= end) return this.#inside !== "nothing";
    const first = bytes[start] ?? 0;
    if (isBlank(first)) return true;
    // Most lines of a container: nothing to compare them with.
    if (this.#inside === "nothing" && !this.#severe && !FIRST.has(first)) return false;
    const text = textOf(bytes, start, Math.min(end, start + REACH));
    switch (this.#inside) {
      case "python":
        if (CHAINED.test(text) || text.startsWith(TRACEBACK)) return true;
        if (!PYTHON_END.test(text)) break;
        this.#inside = "python-end";
        return true;
      case "python-end":
        if (text.startsWith(TRACEBACK)) this.#inside = "python";
        if (CHAINED.test(text) || text.startsWith(TRACEBACK)) return true;
        break;
      case "go":
        if (GOROUTINE.test(text)) return true;
        break;
      case "nothing":
        break;
    }
    this.#inside = "nothing";
    return FURTHER.test(text) || (near && this.#severe && this.#opens(text));
  }

  #opens(text: string): boolean {
    if (text.startsWith(TRACEBACK)) this.#inside = "python";
    else if (PANIC.test(text)) this.#inside = "go";
    else return EXCEPTION.test(text);
    return true;
  }
}
