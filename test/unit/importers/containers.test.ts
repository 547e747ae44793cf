import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Fault, unwrap } from "../../../shared/base/result.ts";
import { containerOf, listMembers, openMember } from "../../../shared/importers/containers/container.ts";
import type { ImportError, Source } from "../../../shared/importers/importer.ts";
import { openSource } from "../../../shared/importers/source.ts";
import { streamOf } from "../../support/sources.ts";

const FOLDER = join(import.meta.dirname, "../../fixtures/containers");
const ARCHIVES = readdirSync(FOLDER).filter((name) => /\.(?:zip|tar|tar\.gz|tar\.zst)$/.test(name));

function fixture(name: string): Buffer {
  return readFileSync(join(FOLDER, name));
}

/** An archive that is read in parts, as a file is. */
async function archive(name: string, content: Uint8Array = fixture(name), chunk = 65536): Promise<Source> {
  return openSource({
    name,
    size: content.length,
    open: () => Promise.resolve(streamOf(content, chunk)),
    slice: (from, to) => Promise.resolve(streamOf(content.subarray(from, to), chunk)),
  });
}

async function textOf(source: Source): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source.stream()) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** Everything that an archive holds, as a text to compare. */
async function drawn(source: Source): Promise<string> {
  const kind = await containerOf(source);
  if (kind === null) return "no archive\n";
  const { members, trouble } = await listMembers(source);
  const lines = [`${kind}${trouble === null ? "" : `: ${trouble}`}`];
  for (const { name, size, importer, skipped } of members) {
    const facts = [String(size), ...(importer === null ? [] : [importer])].join(", ");
    lines.push(`${JSON.stringify(name)} (${facts})${skipped === null ? "" : ` left out: ${skipped}`}`);
    const shown = skipped === null || skipped.startsWith("cut off");
    if (shown) lines.push(...(await content(source, name)).map((line) => `    ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

async function content(source: Source, name: string): Promise<string[]> {
  let result: Awaited<ReturnType<typeof openMember>>;
  try {
    result = await openMember(source, name);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [`refused: ${thrown.message}`];
  }
  const opened = unwrap(result).source;
  if (opened.files !== undefined) return opened.files.map((f) => `${f.path} (${f.source.size})`);
  try {
    const text = (await textOf(opened)).trimEnd().split("\n");
    const shown = text.length > 4 ? [...text.slice(0, 2), `… ${text.length} lines`] : text;
    return [...shown, ...(opened.cut === null ? [] : [`CUT: ${opened.cut.message}`])];
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [`failed: ${(thrown.error as ImportError).kind}: ${thrown.message}`];
  }
}

describe("archives", () => {
  test.each(ARCHIVES)("%s holds what is drawn beside it", async (name) => {
    const text = await drawn(await archive(name));
    await expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.members.txt`));
  });

  // How much comes out of deflated data before its cut depends on the decompressor's buffers.
  test.each(ARCHIVES.filter((name) => !/^cut\.(?:zip|tar\.gz)$/.test(name)))(
    "%s reads the same in small chunks",
    async (name) => {
      const small = await drawn(await archive(name, fixture(name), 61));
      expect(small).toBe(await drawn(await archive(name)));
    },
  );
});
