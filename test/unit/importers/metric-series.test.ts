import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fixedBatchColumns } from "../../../shared/importers/fixed-tables-writer.ts";
import { MetricSeries } from "../../../shared/importers/metric-series.ts";
import { BatchBuilder, Term } from "../../../shared/tables/batch.ts";
import { SERIES_OF_A_FILE } from "../../../shared/tables/metric-store.ts";
import { readColumn } from "../../../shared/tables/rows.ts";

const IDENTITY = ["series", "name", "service", "unit"] as const;
type Sample = Partial<Record<(typeof IDENTITY)[number], string>> & { readonly value: number };

function batchOf(samples: readonly Sample[], dictionary: boolean): Uint8Array {
  const columns = fixedBatchColumns("metrics");
  const builder = new BatchBuilder(columns, undefined, dictionary ? IDENTITY : []);
  const terms = new Map<string, Term>();
  const at = (name: string): number => columns.findIndex((c) => c.name === name);
  samples.forEach((sample, i) => {
    builder.timestamp(0, 1e15 + i);
    for (const name of IDENTITY) {
      const text = sample[name];
      if (text === undefined) continue;
      if (!dictionary) {
        builder.utf8(at(name), text);
        continue;
      }
      const term = terms.get(`${name}/${text}`) ?? new Term(new TextEncoder().encode(text));
      terms.set(`${name}/${text}`, term);
      builder.term(at(name), term);
    }
    builder.double(at("value"), sample.value);
    builder.bigint(at("_ev"), 3);
    builder.bigint(at("_line"), i + 1);
    builder.endRow();
  });
  return builder.flush();
}

/** The batches put together again, as the view `metrics` does it. */
function joined(series: MetricSeries, batches: readonly Uint8Array[]): unknown[][] {
  const samples = batches.flatMap((ipc) => {
    const table = tableFromIPC(series.samples(ipc));
    const columns = ["series_id", "value", "_line"].map((name) => readColumn(table, name));
    return Array.from({ length: table.numRows }, (_, r) => columns.map((c) => c[r]));
  });
  const named = series.newSeries();
  if (named === null) return [];
  const table = tableFromIPC(named);
  const ids = readColumn(table, "id");
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(Math.floor(Number(id) / SERIES_OF_A_FILE)).toBe(3);
  const texts = IDENTITY.map((name) => readColumn(table, name));
  return samples.map(([id, value, line]) => {
    const row = ids.indexOf(id);
    return [...texts.map((column) => column[row]), value, line];
  });
}

const text = fc.constantFrom("", "a", "b", "cpu", "ü", "a\u0000b");
const sample = fc.record(
  { series: text, name: text, service: text, unit: text, value: fc.double() },
  { requiredKeys: ["value"] },
) as fc.Arbitrary<Sample>;

test.each([true, false])(
  "every sample finds its own texts again (dictionary: %s)",
  (dictionary) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(sample, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 3 }),
        (batches) => {
          const expected = batches.flatMap((samples) =>
            samples.map((s, i) => [...IDENTITY.map((name) => s[name] ?? null), s.value, i + 1]),
          );
          const series = new MetricSeries(3, "f.csv");
          expect(
            joined(
              series,
              batches.map((samples) => batchOf(samples, dictionary)),
            ),
          ).toEqual(expected);
        },
      ),
    );
  },
);

test("a series is named once, however many batches it is in", () => {
  const series = new MetricSeries(3, "f.csv");
  const ipc = batchOf([{ series: "s", name: "n", value: 1 }], true);
  series.samples(ipc.slice());
  expect(series.newSeries()).not.toBeNull();
  series.samples(ipc.slice());
  expect(series.newSeries()).toBeNull();
});
