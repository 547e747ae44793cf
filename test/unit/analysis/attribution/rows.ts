import { emptyCube, type Cube } from "../../../../shared/analysis/attribution/cube.ts";

/** A row: its part (0 and 1 are halves of the baseline, 2 is the incident), its values, numerator and denominator. */
export interface Row {
  readonly part: 0 | 1 | 2;
  readonly values: readonly string[];
  readonly x: number;
  readonly d?: number;
}

/** The cube of rows: all values of all columns, in the order in which they come. */
export function cubeOf(names: readonly string[], rows: readonly Row[]): Cube {
  const values = names.map(() => [] as string[]);
  const leaves = new Map<number, { codes: number[]; rows: Row[] }>();
  for (const row of rows) {
    const codes = row.values.map((value, c) => {
      const own = values[c] ?? [];
      if (!own.includes(value)) own.push(value);
      return own.indexOf(value);
    });
    const key = codes.reduce((k, code) => k * 64 + code, 0);
    const leaf = leaves.get(key) ?? { codes, rows: [] };
    leaf.rows.push(row);
    leaves.set(key, leaf);
  }
  const cube = emptyCube(
    names.map((name, c) => ({ name, values: values[c] ?? [] })),
    leaves.size,
  );
  [...leaves.values()].forEach(({ codes, rows: own }, leaf) => {
    codes.forEach((code, c) => {
      const list = cube.codes[c];
      if (list !== undefined) list[leaf] = code;
    });
    for (const { part, x, d = 1 } of own) {
      const sums = cube.parts[part];
      const put = (name: keyof typeof sums, value: number): void => {
        sums[name][leaf] = (sums[name][leaf] ?? 0) + value;
      };
      put("n", 1);
      put("num", x);
      put("den", d);
      put("nn", x * x);
      put("nd", x * d);
      put("dd", d * d);
    }
  });
  return cube;
}
