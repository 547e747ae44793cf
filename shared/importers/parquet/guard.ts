/** parquet-wasm could not decode what it was given. */
export class DecodeError extends Error {}

/** Registers a listener for errors that nobody caught; returns what takes it away again. */
export type OnCrash = (listener: (reason: unknown) => void) => () => void;

let crashWatch: OnCrash | null = null;

export function setCrashWatch(watch: OnCrash | null): void {
  crashWatch = watch;
}

const TICK_MS = 1000;
/** Ticks of an idle thread without an answer. Decoding blocks the thread, so that it does not count. */
const PATIENCE = 30;

/**
 * The answer of parquet-wasm, or a `DecodeError`. A trap inside one of its
 * futures is thrown to nobody, and the promise never settles.
 */
export function guarded<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let quiet = 0;
    const end = (): void => {
      clearInterval(timer);
      unwatch?.();
    };
    const fail = (reason: unknown): void => {
      end();
      reject(new DecodeError(messageOf(reason)));
    };
    const timer = setInterval(() => {
      if (++quiet >= PATIENCE) fail(new Error("the decoder does not answer"));
    }, TICK_MS);
    const unwatch = crashWatch?.(fail);
    work.then((value) => {
      end();
      resolve(value);
    }, fail);
  });
}

export function messageOf(thrown: unknown): string {
  const text = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /^Parquet error: /,
    "",
  );
  return text === "unreachable" ? "the decoder stopped at data that is not valid" : text;
}
