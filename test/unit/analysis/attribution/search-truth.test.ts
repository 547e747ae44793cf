import { describe, expect, test } from "vitest";
import {
  predicatesOf,
  searchExplanation,
  type Search,
} from "../../../../shared/analysis/attribution/explanation-search.ts";
import type { Cube } from "../../../../shared/analysis/attribution/cube.ts";
import { RATIO_SCALE } from "../../../../shared/analysis/attribution/segment-sums.ts";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";
import { cubeOf, type Row } from "./rows.ts";

/** Columns with a number of values each; their shares fall off like 1 / rank. */
const SHAPES = [
  [3, 6, 4, 5],
  [2, 12, 8],
  [5, 5, 5, 5, 4],
] as const;
const SEEDS = 30;

type Uniform = () => number;
type Segment = Readonly<Record<number, number>>;

interface World {
  readonly uniform: Uniform;
  readonly sizes: readonly number[];
  readonly base: number;
  /** What each value adds to the rate. */
  readonly effects: readonly (readonly number[])[];
}

function worldOf(seed: number): World {
  const uniform = seededUniform(seed * 7919 + 17);
  const sizes = SHAPES[seed % SHAPES.length] ?? SHAPES[0];
  return {
    uniform,
    sizes,
    base: 0.3 + 0.3 * uniform(),
    effects: sizes.map((n) => Array.from({ length: n }, () => (uniform() - 0.5) * 0.15)),
  };
}

function draw(uniform: Uniform, n: number): number {
  let u = uniform() * Array.from({ length: n }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b, 0);
  for (let k = 0; k < n; k++) {
    u -= 1 / (k + 1);
    if (u < 0) return k;
  }
  return n - 1;
}

interface Story {
  /** Change of the rate of an incident row. */
  readonly rate?: (codes: readonly number[]) => number;
  /** Whether an incident row is kept. */
  readonly keep?: (codes: readonly number[]) => number;
}

const ROWS = 15_000;

function rowsOf(world: World, story: Story): Row[] {
  const { uniform, sizes, base, effects } = world;
  return Array.from({ length: 2 }, (_, window) => window).flatMap((window) => {
    const out: Row[] = [];
    while (out.length < ROWS) {
      const codes = sizes.map((n) => draw(uniform, n));
      if (window === 1 && uniform() > (story.keep?.(codes) ?? 1)) continue;
      const effect = codes.reduce((s, code, c) => s + (effects[c]?.[code] ?? 0), 0);
      const rate = base + effect + (window === 1 ? (story.rate?.(codes) ?? 0) : 0);
      const part = window === 1 ? 2 : out.length < ROWS / 2 ? 0 : 1;
      out.push({ part, values: codes.map((c) => `v${String(c)}`), x: uniform() < rate ? 1 : 0 });
    }
    return out;
  });
}

function cubeOfStory(world: World, story: Story): Cube {
  return cubeOf(
    world.sizes.map((_, c) => `c${String(c)}`),
    rowsOf(world, story),
  );
}

/** A segment of so many columns with between 4 % and 60 % of the rows. */
function segmentOf(world: World, depth: number): Segment {
  const { uniform, sizes } = world;
  const share = (c: number, code: number): number =>
    1 /
    (code + 1) /
    Array.from({ length: sizes[c] ?? 1 }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b, 0);
  for (;;) {
    const columns = sizes.map((_, c) => ({ c, u: uniform() })).sort((a, b) => a.u - b.u);
    const found: Record<number, number> = {};
    let part = 1;
    for (const { c } of columns.slice(0, depth)) {
      const code = Math.floor(uniform() * (sizes[c] ?? 1));
      found[c] = code;
      part *= share(c, code);
    }
    if (part >= 0.04 && part <= 0.6) return found;
  }
}

const holds = (segment: Segment, codes: readonly number[]): boolean =>
  Object.entries(segment).every(([c, code]) => codes[Number(c)] === code);

function textOf(segment: Segment): string {
  return Object.entries(segment)
    .map(([c, code]) => `c${c}=v${String(code)}`)
    .sort()
    .join("&");
}

function told(cube: Cube, search: Search): string[] {
  return search.causes.map((cause) =>
    predicatesOf(cube, cause)
      .map((p) => `${p.column}=${String(p.value)}`)
      .sort()
      .join("&"),
  );
}

const search = (cube: Cube): Search => searchExplanation(cube, RATIO_SCALE, RATIO_SCALE);

describe("one cause of the rate", () => {
  for (const depth of [1, 2, 3]) {
    test(`of ${String(depth)} columns is named first`, () => {
      let top = 0;
      let extra = 0;
      for (let seed = 0; seed < SEEDS; seed++) {
        const world = worldOf(seed);
        const segment = segmentOf(world, depth);
        const sign = world.base > 0.45 ? -1 : 1;
        const cube = cubeOfStory(world, { rate: (c) => (holds(segment, c) ? sign * 0.2 : 0) });
        const names = told(cube, search(cube));
        if (names[0] === textOf(segment)) top += 1;
        else
          console.info(`  seed ${String(seed)}: ${textOf(segment)} told as ${names.join(" | ")}`);
        extra += Math.max(0, names.length - 1);
      }
      console.info(
        `one rate cause of ${String(depth)} columns: top-1 ${String(top)} of ${String(SEEDS)}, further causes ${String(extra)}`,
      );
      expect(top).toBeGreaterThanOrEqual(0.9 * SEEDS);
      expect(extra).toBeLessThanOrEqual(0.1 * SEEDS);
    });
  }
});

test("two causes at once are both named", () => {
  let both = 0;
  let one = 0;
  let extra = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const world = worldOf(seed + 1000);
    const first = segmentOf(world, 1 + (seed % 2));
    const second = segmentOf(world, 2);
    const sign = world.base > 0.45 ? -1 : 1;
    const cube = cubeOfStory(world, {
      rate: (c) => (holds(first, c) ? sign * 0.25 : holds(second, c) ? sign * 0.2 : 0),
    });
    const names = told(cube, search(cube));
    const hits = [first, second].filter((s) => names.includes(textOf(s))).length;
    if (hits === 2) both += 1;
    if (hits > 0) one += 1;
    extra += Math.max(0, names.length - hits);
  }
  console.info(
    `two rate causes: both named ${String(both)}, at least one ${String(one)} of ${String(SEEDS)}, other names ${String(extra)}`,
  );
  expect(both).toBeGreaterThanOrEqual(0.6 * SEEDS);
  expect(one).toBeGreaterThanOrEqual(0.9 * SEEDS);
});

for (const depth of [1, 2]) {
  test(`a pure change of shares of a segment of ${String(depth)} columns is told as mix`, () => {
    let top = 0;
    let rates = 0;
    let silent = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const world = worldOf(seed + 2000);
      const segment = segmentOf(world, depth);
      // The segment differs from the rest, or its share would not matter.
      const unlike: World = { ...world, effects: world.effects.map((e) => e.map((v) => v * 0.3)) };
      const rows = rowsOf(unlike, { keep: (c) => (holds(segment, c) ? 1 : 0.35) }).map((row) => {
        const codes = row.values.map((v) => Number(v.slice(1)));
        return holds(segment, codes) && unlike.uniform() < 0.6 ? { ...row, x: 0 } : row;
      });
      const cube = cubeOf(
        world.sizes.map((_, c) => `c${String(c)}`),
        rows,
      );
      const found = search(cube);
      const names = told(cube, found);
      if (names[0] === textOf(segment) && found.causes[0]?.kind === "mix") top += 1;
      else console.info(`  seed ${String(seed)}: ${textOf(segment)} told as ${names.join(" | ")}`);
      if (found.causes.length === 0) silent += 1;
      if (found.causes.some((c) => c.kind !== "mix")) rates += 1;
    }
    console.info(
      `pure mix of ${String(depth)} columns: top-1 ${String(top)} of ${String(SEEDS)}, told as rate ${String(rates)}, nothing told ${String(silent)}`,
    );
    expect(top).toBeGreaterThanOrEqual(0.8 * SEEDS);
    expect(rates).toBeLessThanOrEqual(0.1 * SEEDS);
  });
}

test("a change of all rows is everywhere", () => {
  let right = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const world = worldOf(seed + 3000);
    const factor = 0.75;
    const cube = cubeOfStory(world, {
      rate: (c) =>
        (factor - 1) *
        (world.base + c.reduce((s, code, k) => s + (world.effects[k]?.[code] ?? 0), 0)),
    });
    const found = search(cube);
    if (found.causes.length === 1 && found.causes[0]?.kind === "everywhere") right += 1;
  }
  console.info(`change of all rows: told as everywhere ${String(right)} of ${String(SEEDS)}`);
  expect(right).toBeGreaterThanOrEqual(0.9 * SEEDS);
});

test("nothing changed: nothing is told", () => {
  let wrong = 0;
  let changed = 0;
  const seeds = 60;
  for (let seed = 0; seed < seeds; seed++) {
    const found = search(cubeOfStory(worldOf(seed + 4000), {}));
    if (found.causes.length > 0) wrong += 1;
    if (found.changed) changed += 1;
  }
  console.info(
    `no change: false explanations ${String(wrong)}, changes told ${String(changed)} of ${String(seeds)}`,
  );
  expect(wrong).toBeLessThanOrEqual(0.02 * seeds);
  expect(changed).toBeLessThanOrEqual(0.02 * seeds);
});
