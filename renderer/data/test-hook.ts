import { getEngine, getIngest } from "./services.ts";

/** What the end-to-end tests and benchmarks reach into; only when they drive the window. */
export interface TestHook {
  readonly engine: ReturnType<typeof getEngine>;
  readonly ingest: ReturnType<typeof getIngest>;
}

declare global {
  interface Window {
    __inquestTest?: TestHook;
  }
}

export function installTestHook(): void {
  window.__inquestTest = { engine: getEngine(), ingest: getIngest() };
}
