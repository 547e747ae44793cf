/** Where progress goes: stderr, or a list in a test. */
export interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR = 24;

/**
 * Progress for people: one bar that is redrawn on a terminal, lines elsewhere.
 * As lines, a message is printed when it is new and then at every tenth.
 */
export class ProgressPrinter {
  #message: string | null = null;
  #tenth = -1;
  #drawn = false;

  constructor(private readonly target: ProgressTarget) {}

  /** `fraction` is 0 to 1, or null where it is not known. */
  show(message: string, fraction: number | null): void {
    const share = fraction === null ? null : Math.min(1, Math.max(0, fraction));
    if (this.target.isTTY === true) this.#draw(message, share);
    else this.#print(message, share);
  }

  /** A message on a line of its own. */
  line(message: string): void {
    this.clear();
    this.target.write(`${message}\n`);
  }

  /** Removes the bar, so that something else can be printed. */
  clear(): void {
    if (this.#drawn) this.target.write("\r\u001b[K");
    this.#drawn = false;
  }

  #draw(message: string, share: number | null): void {
    const filled = Math.round((share ?? 0) * BAR);
    const bar =
      share === null ? "" : `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${percent(share)} `;
    const text = `${bar}${message.replaceAll("\n", " ")}`;
    this.target.write(`\r${text.slice(0, (this.target.columns ?? 80) - 1)}\u001b[K`);
    this.#drawn = true;
  }

  #print(message: string, share: number | null): void {
    const tenth = share === null ? -1 : Math.floor(share * 10);
    if (message === this.#message && tenth <= this.#tenth) return;
    this.#message = message;
    this.#tenth = tenth;
    this.target.write(share === null ? `${message}\n` : `${percent(share)} ${message}\n`);
  }
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)}%`;
}
