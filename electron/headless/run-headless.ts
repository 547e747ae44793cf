import { BrowserWindow, type App } from "electron";
import { APP_ORIGIN } from "../app-protocol.ts";
import { fault } from "../faults.ts";
import type { HeadlessJob } from "../../shared/contract/ipc.ts";
import { writeBelow } from "./output-folder.ts";
import { ProgressPrinter } from "./progress-printer.ts";
import { makeRunData, removeRunData } from "./run-data.ts";

export const EXIT_FAILED = 70;
export const EXIT_INTERRUPTED = 130;

/** A window that has not asked for its job by then is not going to. */
const START_TIMEOUT_MS = 120_000;

/**
 * One job without a visible window: the same page in a hidden window, progress
 * on stderr, results on stdout or in files, and an exit code.
 */
export class HeadlessRun {
  readonly #printer = new ProgressPrinter(process.stderr);
  #userData: string | null = null;
  #watchdog: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(
    private readonly app: App,
    private readonly job: HeadlessJob,
    /** Gives back what the process holds, at once. */
    private readonly letGo: () => void,
  ) {}

  /** Before the application is ready: data of its own, deleted at the end, unless the command line names a place. */
  prepare(): void {
    if (!this.app.commandLine.hasSwitch("user-data-dir")) {
      this.#userData = makeRunData();
      this.app.setPath("userData", this.#userData);
    }
    this.#catchSignals();
    // Chromium puts its own handlers in place while it starts.
    void this.app.whenReady().then(() => {
      this.#catchSignals();
    });
    process.on("uncaughtException", (thrown) => {
      void this.finish(EXIT_FAILED, thrown.stack ?? thrown.message);
    });
    // A reader that has seen enough (`| head`) is no failure.
    process.stdout.on("error", () => void this.finish(0, null));
    process.stderr.on("error", () => undefined);
  }

  /** Opens the hidden window. */
  async start(preload: string): Promise<void> {
    const window = new BrowserWindow({
      show: false,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        backgroundThrottling: false,
      },
    });
    this.#watch(window);
    this.#watchdog = setTimeout(() => {
      void this.finish(EXIT_FAILED, "The hidden window did not start.");
    }, START_TIMEOUT_MS);
    try {
      await window.loadURL(`${APP_ORIGIN}/index.html?headless=1`);
    } catch (thrown) {
      await this.finish(EXIT_FAILED, `The hidden window could not be loaded: ${String(thrown)}`);
    }
  }

  takeJob(): HeadlessJob {
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    return this.job;
  }

  progress(message: string, fraction: number | null): void {
    this.#printer.show(message, fraction);
  }

  /** Answers when the bytes have been handed to the system. */
  async writeStdout(bytes: Uint8Array): Promise<void> {
    if (process.stderr.isTTY) this.#printer.clear();
    await new Promise<void>((resolve) => {
      process.stdout.write(bytes, () => {
        resolve();
      });
    });
  }

  writeOutput(name: string, bytes: Uint8Array): Promise<{ path: string; sha256: string }> {
    if (this.job.command !== "run") throw fault("invalid", "Only run has an output folder.");
    return writeBelow(this.job.out, name, bytes);
  }

  /** Ends the process. */
  async finish(code: number, message: string | null): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#printer.clear();
    if (message !== null) this.#printer.line(message);
    await Promise.all([drained(process.stdout), drained(process.stderr)]);
    this.letGo();
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    if (this.#userData === null) this.app.exit(code);
    else exitWithout(this.#userData, code, this.app);
  }

  #catchSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => void this.finish(EXIT_INTERRUPTED, "Interrupted."));
    }
  }

  #watch(window: BrowserWindow): void {
    window.webContents.on("render-process-gone", (_event, { reason }) => {
      void this.finish(EXIT_FAILED, `The hidden window ended unexpectedly (${reason}).`);
    });
    window.webContents.on("preload-error", (_event, _path, error) => {
      void this.finish(EXIT_FAILED, `The hidden window could not be prepared: ${error.message}`);
    });
    window.webContents.on("console-message", (...args: unknown[]) => {
      const text = errorText(args);
      if (text === null) return;
      this.#printer.line(text);
      // Nobody is left to end the job.
      if (text.startsWith("Uncaught")) void this.finish(EXIT_FAILED, null);
    });
  }
}

/**
 * Ends the process and leaves no data folder. `app.exit` would write into it
 * once more while Chromium shuts down, after the last line of ours has run.
 */
function exitWithout(userData: string, code: number, app: App): void {
  removeRunData(userData);
  const { reallyExit } = process as { reallyExit?: (code: number) => void };
  if (reallyExit === undefined) app.exit(code);
  else reallyExit.call(process, code);
}

/** The text of an error on the page's console, else null. Electron before 35 passes (event, level, message), later ones an event with members. */
function errorText(args: readonly unknown[]): string | null {
  const [event, level, message] = args;
  if (typeof level === "number") return level === 3 ? String(message) : null;
  if (typeof event !== "object" || event === null) return null;
  if (!("level" in event) || !("message" in event)) return null;
  return event.level === "error" ? String(event.message) : null;
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => {
      resolve();
    });
  });
}
