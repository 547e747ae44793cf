import { getIngest } from "../data/services.ts";
import { print } from "./output.ts";
import type { JobEnd } from "./job-end.ts";

/** `inquest formats`: what the importers read. */
export async function listFormats(json: boolean): Promise<JobEnd> {
  const formats = await getIngest().formats();
  if (json) await print(`${JSON.stringify(formats, null, 2)}\n`);
  else {
    const width = Math.max(...formats.map((f) => f.id.length));
    const lines = formats.map(
      (f) => `${f.id.padEnd(width)}  ${f.name}: ${f.description} (${f.extensions.join(" ")})`,
    );
    await print(
      `${lines.join("\n")}\nEach also gzip (.gz) or Zstandard (.zst) compressed, in ZIP and tar archives, and in folders.\n`,
    );
  }
  return { code: 0, message: null };
}
