import { expect, test } from "vitest";
import { placeboSizes } from "../../../../shared/analysis/placebo/placebo-sizes.ts";

const whole = { bins: [30, 50, 20], rows: 110 };
const window = { bins: [5, 10, 15], rows: 40 };
// The rest of the baseline: 25, 40, 5 of 70 rows without a missing value.

test("each measure is that of the window against the rest of the baseline", () => {
  const [delta] = placeboSizes("cliffs_delta", whole, [window]);
  // Pairs of a row of the window above and below a row of the rest.
  expect(delta).toBeCloseTo((10 * 25 + 15 * 65 - 5 * 45 - 10 * 5) / 70 / 30, 12);
  expect(placeboSizes("ks", whole, [window])[0]).toBeCloseTo(65 / 70 - 15 / 30, 12);
  // scipy.spatial.distance.jensenshannon([25, 40, 5], [5, 10, 15], base=2)
  expect(placeboSizes("jensen_shannon", whole, [window])[0]).toBeCloseTo(0.422895694629, 9);
  // scipy.stats.contingency.association([[25, 40, 5], [5, 10, 15]], "cramer")
  expect(placeboSizes("cramers_v", whole, [window])[0]).toBeCloseTo(0.491999483804, 9);
  // Missing: 0 of 70 against 10 of 40.
  expect(placeboSizes("null_rate_h", whole, [window])[0]).toBeCloseTo(Math.PI / 3, 12);
});

test("windows without rows, or with all of them, say nothing", () => {
  expect(placeboSizes("ks", whole, [{ bins: [0, 0, 0], rows: 0 }, whole])).toEqual([]);
});
