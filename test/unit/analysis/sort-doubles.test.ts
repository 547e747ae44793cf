import fc from "fast-check";
import { expect, test } from "vitest";
import { SortRoom, sortDoubles } from "../../../shared/analysis/statistics/sort-doubles.ts";

const N = 20_000;
const make = (value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: N }, (_, i) => value(i));
/** A fixed scramble of 0 to N - 1. */
const mixed = (i: number): number => (i * 7919) % N;

test.each([
  [
    "negative, positive, infinite",
    make((i) => (i % 97 === 0 ? Infinity : i % 89 === 0 ? -Infinity : mixed(i) - N / 2)),
  ],
  ["all equal", make(() => 3)],
  ["equal in the upper 32 bits", make((i) => 1 + mixed(i) * 2 ** -48)],
  [
    "the same, negative, between others",
    make((i) => (i % 3 === 0 ? -1 - mixed(i) * 2 ** -48 : mixed(i))),
  ],
  ["tiny and huge", make((i) => (mixed(i) % 2 === 0 ? 1 : -1) * 10 ** ((mixed(i) % 600) - 300))],
  ["whole numbers above a billion", make((i) => 1e9 + mixed(i))],
  ["descending", make((i) => -i * 1e-7)],
  ["zeros of both signs", make((i) => (i % 2 === 0 ? 0 : -0))],
])("%s", (_, values) => {
  const before = values.slice();
  expect(sortDoubles(values)).toEqual(values.slice().sort());
  expect(values).toEqual(before);
});

test("any doubles, repeated to pass the limit of the small sort", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }), (few) => {
      const values = Float64Array.from(
        { length: 2500 },
        (_, i) => (few[i % few.length] ?? 0) * (1 + (i % 7) * 2 ** -50),
      );
      const clean = values.filter((v) => !Number.isNaN(v));
      expect(sortDoubles(clean)).toEqual(clean.slice().sort());
    }),
    { numRuns: 60 },
  );
});

test("part of a larger buffer", () => {
  const whole = make(mixed);
  expect(sortDoubles(whole.subarray(5000, 15_000))).toEqual(whole.slice(5000, 15_000).sort());
});

test("one room for several sorts, of fewer and of more values", () => {
  const room = new SortRoom();
  for (const n of [5000, 3000, 20_000, 4000]) {
    const values = make(mixed).subarray(0, n);
    expect(sortDoubles(values, room)).toEqual(values.slice().sort());
  }
});
