import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findFlood, findTextFlood } from "../../../../shared/analysis/quality/default-flood.ts";
import { expectedDistinct } from "../../../../shared/analysis/quality/distinct-values.ts";
import { findImpossible } from "../../../../shared/analysis/quality/impossible-values.ts";
import { isSuccessive, nameHints } from "../../../../shared/analysis/quality/name-hints.ts";
import { confirmMapping } from "../../../../shared/analysis/quality/re-encoded-entities.ts";
import { nameSimilarity } from "../../../../shared/analysis/quality/renamed-columns.ts";
import { lowerTailLevel, upperTailLevel } from "../../../../shared/analysis/quality/tail-level.ts";
import { findRetyping } from "../../../../shared/analysis/quality/text-spelling.ts";
import {
  findClipped,
  findCutTexts,
  findRounded,
} from "../../../../shared/analysis/quality/truncation.ts";
import { findUnitChange } from "../../../../shared/analysis/quality/unit-change.ts";
import { inferReEncoding, valuesSucceed } from "../../../../shared/analysis/re-encoding.ts";

interface Reference {
  rarefaction: { counts: number[]; drawn: number; expected: number }[];
  mixtures: {
    share: number;
    scale: number;
    offset: number;
    quantity: string | null;
    baseline: number[];
    incident: number[];
  }[];
  tails: {
    name: string;
    rows: number;
    min: number;
    max: number;
    quantiles: number[];
    level: number;
  }[];
}
const reference = JSON.parse(
  readFileSync(new URL("reference/content.json", import.meta.url), "utf8"),
) as Reference;

const NAMES: Record<string, string> = { temperature: "temp", mass: "weight" };
const hints = (name: string) => nameHints({ name, type: "double", role: "feature" });
const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
const count = <T>(n: number, of: (k: number) => T): T[] =>
  Array.from({ length: n }, (_, k) => of(k));

describe("against SciPy and numpy", () => {
  test.each(reference.rarefaction)("rarefaction to $drawn rows", ({ counts, drawn, expected }) => {
    const occurrences = counts.map((rows) => ({ rows, values: 1 }));
    expect(expectedDistinct(occurrences, drawn)).toBeCloseTo(expected, 8);
  });

  test.each(reference.mixtures)("share $share of rows × $scale", (mixture) => {
    const name = NAMES[mixture.quantity ?? ""] ?? "x";
    const found = findUnitChange(
      { name, baseline: sorted(mixture.baseline), incident: sorted(mixture.incident) },
      hints(name),
    );
    expect(found?.kind).toBe("unit");
    expect(found?.facts.find((f) => f.name === "Conversion")?.value.replaceAll(",", "")).toContain(
      `× ${String(Number(mixture.scale.toPrecision(4)))}`,
    );
    expect(Math.abs((found?.size ?? 0) - mixture.share)).toBeLessThan(0.04);
  });

  test.each(reference.tails)("tail of $name", ({ level, rows, ...sample }) => {
    const upper = upperTailLevel({ ...sample, rows }, rows);
    // At least the true level, but not so far out that nothing could ever pass it.
    expect(upper).toBeGreaterThanOrEqual(level * 0.99);
    const spread = level - (sample.quantiles[3] ?? 0);
    expect(upper - (sample.quantiles[3] ?? 0)).toBeLessThan(60 * spread);
    const flipped = {
      rows,
      min: -sample.max,
      max: -sample.min,
      quantiles: sample.quantiles.map((q) => -q).reverse(),
    };
    expect(lowerTailLevel(flipped, rows)).toBeCloseTo(-upper, 9);
  });
});

describe("floods", () => {
  const spread = count(1000, (k) => 10 + ((k * 37) % 997) / 10);
  test("a placeholder, told apart from a shift towards zero", () => {
    const flooded = sorted([...spread.slice(200), ...count(200, () => -1)]);
    const found = findFlood({ name: "x", baseline: sorted(spread), incident: flooded });
    expect(found?.value).toBe(-1);
    expect(found?.finding.size).toBeCloseTo(0.2, 9);
    // Poisson-like counts whose mean falls have more zeros too.
    const counts = (weights: number[]): Float64Array =>
      sorted(weights.flatMap((w, value) => count(w, () => value)));
    expect(
      findFlood({
        name: "n",
        baseline: counts([7, 34, 84, 140, 175, 175, 146, 104, 65, 36, 18]),
        incident: counts([50, 149, 224, 224, 168, 101, 50, 22, 8]),
      }),
    ).toBeNull();
  });
  test("an ordinary value that became common is none; an unheard-of one is", () => {
    const codes = count(1000, (k) => k % 5);
    const often = count(1000, (k) => (k % 5 === 4 && k % 2 === 0 ? 3 : k % 5));
    expect(findFlood({ name: "x", baseline: sorted(codes), incident: sorted(often) })).toBeNull();
    const pinned = sorted([...spread.slice(100), ...count(100, () => 55.5501)]);
    expect(findFlood({ name: "x", baseline: sorted(spread), incident: pinned })?.value).toBe(
      55.5501,
    );
  });
  test("texts: stand-ins only, unless texts are free", () => {
    const rows = { baseline: 1000, incident: 1000 };
    const known = [{ value: "Unknown", baseline: 10, incident: 300 }];
    const brand = [{ value: "acme", baseline: 0, incident: 300 }];
    expect(findTextFlood("x", known, rows, false)?.size).toBeCloseTo(0.29, 9);
    expect(findTextFlood("x", brand, rows, false)).toBeNull();
    expect(findTextFlood("x", brand, rows, true)?.sentence).toContain("`acme`");
  });
});

describe("truncation", () => {
  const values = count(2000, (k) => ((k * 7919) % 2003) / 17.3);
  test("rounded, clipped, neither", () => {
    const pair = (incident: number[]) => ({
      name: "x",
      baseline: sorted(values),
      incident: sorted(incident),
    });
    expect(findRounded(pair(values.map(Math.round)))?.sentence).toContain("whole numbers");
    expect(findRounded(pair(values.map((v) => Math.round(v * 10) / 10)))?.sentence).toContain(
      "at most 1 digit",
    );
    expect(findRounded(pair(values))).toBeNull();
    expect(findClipped(pair(values.map((v) => Math.min(v, 90))))?.sentence).toMatch(
      /exceeds 90 any more/u,
    );
    expect(findClipped(pair(values.map((v) => Math.max(v, 20))))?.sentence).toMatch(
      /falls below 20/u,
    );
    expect(findClipped(pair(values.filter((v) => v < 90)))).toBeNull();
  });
  test("texts cut at a length, against shorter texts", () => {
    const lengths = count(40, (k) => k + 1).map((length) => ({ length, baseline: 25 }));
    const cut = lengths.map((l) => ({
      ...l,
      incident: l.length < 20 ? 25 : l.length === 20 ? 525 : 0,
    }));
    expect(findCutTexts("x", cut)?.size).toBeCloseTo(0.5, 9);
    const shorter = lengths.map((l) => ({ ...l, incident: l.length <= 20 ? 50 : 0 }));
    expect(findCutTexts("x", shorter)).toBeNull();
  });
});

describe("impossible values", () => {
  const baseline = sorted(count(500, (k) => k / 500));
  const broken = sorted([...count(490, (k) => k / 500), ...count(10, (k) => 1.5 + k)]);
  test("by name and by what the baseline keeps to", () => {
    expect(findImpossible({ name: "p", baseline, incident: broken }, hints("p"))?.size).toBeCloseTo(
      0.02,
      9,
    );
    expect(findImpossible({ name: "x", baseline, incident: broken }, hints("x"))).toBeNull();
    const negative = sorted([...count(490, (k) => k / 500), ...count(10, () => -3)]);
    expect(
      findImpossible({ name: "price", baseline, incident: negative }, hints("price"))?.sentence,
    ).toMatch(/cannot be negative/u);
    // Refunds happen in the baseline as well.
    const refunds = sorted([...count(495, (k) => k / 500), ...count(5, () => -3)]);
    expect(
      findImpossible({ name: "price", baseline: refunds, incident: negative }, hints("price")),
    ).toBeNull();
  });
});

describe("names", () => {
  test("are read by words", () => {
    expect(hints("userAge").age).toBe(true);
    expect(hints("account_age_days").age).toBe(false);
    expect(hints("average").age).toBe(false);
    expect(hints("body_temp_c").quantity).toBe("temperature");
    expect(hints("platform").latitude).toBe(false);
    expect(isSuccessive("batch_id", "feature")).toBe(true);
    expect(isSuccessive("x", "model_version")).toBe(true);
  });
  test("similarity is the Dice coefficient of letter pairs", () => {
    expect(nameSimilarity("night", "nacht")).toBeCloseTo(0.25, 12);
    expect(nameSimilarity("user_id", "UserId")).toBe(1);
  });
});

describe("re-encoding", () => {
  const value = (name: string, baseline: number, incident: number) => ({
    value: name,
    baseline,
    incident,
  });
  test("by entities: a mapping, not a move", () => {
    const values = [value("a", 500, 0), value("b", 500, 500), value("c", 0, 500)];
    const moves = [
      { from: "a", to: "c", entities: 90 },
      { from: "a", to: "b", entities: 5 },
      { from: "b", to: "b", entities: 100 },
    ];
    expect(confirmMapping(moves, values)).toMatchObject([
      { from: "a", to: "c", entities: 95, following: 90 },
    ]);
    const left = [value("a", 500, 300), value("b", 500, 500), value("c", 0, 200)];
    expect(confirmMapping(moves, left)).toEqual([]);
  });
  test.each([
    ["app", ["v1.9"], ["v1.10"], true],
    ["day", ["2024-05-01", "2024-05-02"], ["2024-05-03"], true],
    ["load", ["20240501"], ["20240502"], true],
    ["month", ["1"], ["2"], true],
    ["code", ["1", "2"], ["3", "4"], false],
    ["code", ["F", "M"], ["0", "1"], false],
    ["zone", ["b2"], ["b1"], false],
    ["version", ["V1"], ["v1"], false],
  ])("%s: %o then %o succeed each other: %s", (name, went, came, expected) => {
    const categories = [...went.map((v) => value(v, 100, 0)), ...came.map((v) => value(v, 0, 100))];
    expect(valuesSucceed(name, "feature", categories)).toBe(expected);
  });
  test("shares that agree by chance in a column that changed throughout are no mapping", () => {
    const old = count(30, (k) => value(`old ${String((k * 7) % 30)}x`, 100 + k, 0));
    const fresh = count(200, (k) => value(`new ${String(k)}y`, 0, 20));
    expect(
      inferReEncoding([...old.slice(0, 3), ...fresh, value("one", 0, 101)], 3000, 4101),
    ).toEqual([]);
  });
});

test("another spelling of numbers", () => {
  const row = (
    spelling: "number" | "comma" | "thousands" | "text",
    baseline: number,
    incident: number,
  ) => ({
    spelling,
    baseline,
    incident,
    baselineExample: baseline > 0 ? "1.5" : null,
    incidentExample: incident > 0 ? "1,5" : null,
  });
  expect(
    findRetyping("x", [row("number", 100, 0), row("comma", 0, 90), row("thousands", 0, 10)]),
  ).toMatchObject({
    kind: "retyped",
    size: 1,
    sentence: expect.stringMatching(
      /100 % of rows now hold numbers with a decimal comma/u,
    ) as string,
  });
  expect(findRetyping("x", [row("number", 100, 100)])).toBeNull();
  expect(findRetyping("x", [row("text", 100, 20), row("number", 0, 80)])).toBeNull();
});
