import { ipc } from "../data/ipc-client.ts";

/** A text to stdout. */
export async function print(text: string): Promise<void> {
  await ipc("headless.stdout", { bytes: new TextEncoder().encode(text) });
}

/** A line, or a step of the bar, to stderr. */
export async function progress(message: string, fraction: number | null): Promise<void> {
  await ipc("headless.progress", { message, fraction });
}
