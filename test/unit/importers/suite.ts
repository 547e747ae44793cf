import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Fault } from "../../../shared/base/result.ts";
import { IMPORTERS } from "../../../shared/importers/index.ts";
import {
  WidenColumn,
  type Importer,
  type ImportError,
} from "../../../shared/importers/importer.ts";
import { draw, readAll, type Reading } from "./rows.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");

/** The files of a fixture folder that are evidence: no expectation, script or README. */
export function fixturesOf(folder: string): string[] {
  return readdirSync(join(FIXTURES, folder), { withFileTypes: true })
    .filter((e) => e.isFile() && !/\.rows\.txt$|\.py$|\.sh$|\.mjs$|^README|\.tsv$/.test(e.name))
    .map((e) => e.name);
}

export function fixture(folder: string, name: string): Buffer {
  return readFileSync(join(FIXTURES, folder, name));
}

/**
 * What holds for every importer over its fixtures (`FIXTURES/FOLDER/NAME`,
 * expectation beside it as `NAME.rows.txt`): the rows are as drawn; the same
 * without the name and in chunks of a few bytes; the registry chooses it by
 * content alone; mutated copies neither crash nor lose the accounting.
 */
export function testFixtures(
  importer: Importer,
  folder: string,
  settings: { only?: (name: string) => boolean; mutations?: number } = {},
): void {
  const files = fixturesOf(folder).filter(settings.only ?? (() => true));
  describe(`${importer.id}: fixtures of ${folder}`, () => {
    test("there are some", () => {
      expect(files.length).toBeGreaterThan(0);
    });

    test.each(files)("%s becomes the rows that are drawn beside it", async (name) => {
      const reading = await readAll(importer, fixture(folder, name), { name });
      await expect(draw(reading)).toMatchFileSnapshot(join(FIXTURES, folder, `${name}.rows.txt`));
    });

    test.each(files)("%s reads the same in any chunks and without its name", async (name) => {
      const content = fixture(folder, name);
      const whole = await readAll(importer, content, { name: "unknown" });
      for (const chunk of content.length > 20_000 ? [997] : [1, 3, 7, 64]) {
        const reading = await readAll(importer, content, { name: "unknown", chunk });
        expect(reading.rows).toEqual(whole.rows);
        expect(reading.further).toEqual(whole.further);
        expect(reading.rejects).toEqual(whole.rejects);
      }
    });

    test.each(files)("%s is chosen by its content alone", (name) => {
      const head = fixture(folder, name).subarray(0, 1024 * 1024);
      const scores = IMPORTERS.map((i) => ({ id: i.id, score: i.detect(head, "unknown") }));
      const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
      expect(best.id, JSON.stringify(scores.filter((s) => s.score > 0))).toBe(importer.id);
    });

    test.each(files)("%s, mutated, never crashes the importer", async (name) => {
      const random = seeded(name);
      const content = fixture(folder, name);
      const rounds = Math.min(settings.mutations ?? 200, Math.ceil(2_000_000 / content.length));
      for (let i = 0; i < rounds; i++) {
        const mutated = mutate(content, random);
        const result = await outcomeOf(importer, mutated);
        if (result === null) continue;
        // Every reject has its reason, and no record is told twice as both.
        for (const reject of result.rejects) expect(reject.reason).not.toBe("");
        expect(Number.isInteger(result.accepted) && result.accepted >= 0).toBe(true);
      }
    });
  });
}

/** A reading, or null where the importer refused the file in words; anything else is a crash. */
export async function outcomeOf(importer: Importer, content: Uint8Array): Promise<Reading | null> {
  try {
    return await readAll(importer, content, { name: "mutated" });
  } catch (thrown) {
    if (thrown instanceof Fault) {
      const error = thrown.error as ImportError;
      expect(error.message).not.toBe("");
      expect(error.advice).not.toBe("");
      return null;
    }
    if (thrown instanceof WidenColumn) return null;
    // `readAll` throws the message of a plan that was refused.
    if (thrown instanceof Error && thrown.constructor === Error) return null;
    throw thrown;
  }
}

/** A copy with bytes changed, cut out, doubled, or the end missing. */
export function mutate(content: Uint8Array, random: () => number): Uint8Array {
  const at = (): number => Math.floor(random() * content.length);
  const copy = Uint8Array.from(content);
  switch (Math.floor(random() * 5)) {
    case 0: {
      for (let i = 0; i < 1 + random() * 8; i++) copy[at()] = Math.floor(random() * 256);
      return copy;
    }
    case 1:
      return copy.subarray(0, at());
    case 2: {
      const from = at();
      const to = Math.min(content.length, from + Math.ceil(random() * 40));
      return Uint8Array.from(Buffer.concat([copy.subarray(0, from), copy.subarray(to)]));
    }
    case 3: {
      const from = at();
      const to = Math.min(content.length, from + Math.ceil(random() * 200));
      return Uint8Array.from(Buffer.concat([copy.subarray(0, to), copy.subarray(from)]));
    }
    default: {
      const marks = '{}[]",:\n\t0-.'.split("");
      for (let i = 0; i < 1 + random() * 4; i++)
        copy[at()] = (marks[Math.floor(random() * marks.length)] ?? "0").charCodeAt(0);
      return copy;
    }
  }
}

/** Mulberry32, seeded by a text: the same numbers in every run. */
export function seeded(text: string): () => number {
  let state = 0;
  for (const char of text) state = (Math.imul(state, 31) + char.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
