import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Sample } from "../shared/contract/ipc.ts";

const SampleFile = z.object({
  title: z.string(),
  description: z.string(),
  order: z.number().optional(),
});

/**
 * The sample incidents that come with the application: folders with a
 * `sample.json` (title, description, optional order) beside a `recipe.yaml`.
 * The first of the given folders that has any is the one in use.
 */
export async function readSamples(folders: readonly string[]): Promise<Sample[]> {
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).sort();
    const found = (await Promise.all(names.map((name) => readSample(folder, name)))).flat();
    if (found.length > 0) {
      return found.sort((a, b) => a.order - b.order).map((entry) => entry.sample);
    }
  }
  return [];
}

async function readSample(
  folder: string,
  id: string,
): Promise<{ order: number; sample: Sample }[]> {
  try {
    const text = await readFile(join(folder, id, "sample.json"), "utf8");
    const { title, description, order = 1000 } = SampleFile.parse(JSON.parse(text));
    const recipePath = join(folder, id, "recipe.yaml");
    return [{ order, sample: { id, title, description, recipePath } }];
  } catch {
    return [];
  }
}
