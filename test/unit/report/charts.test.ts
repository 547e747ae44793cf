import { expect, test } from "vitest";
import { LIGHT } from "../../../shared/model/palette.ts";
import { chartSvg, distributionSvg } from "../../../shared/report/charts.ts";
import { seriesNumbers } from "../../../shared/report/series-points.ts";
import { ticks } from "../../../shared/report/svg.ts";
import {
  BASELINE,
  HOSTILE,
  INCIDENT,
  categoricalDistribution,
  numericDistribution,
  reportFixture,
} from "./report-fixture.ts";

const windows = { baseline: BASELINE, incident: INCIDENT };
const charts = reportFixture().state.findings.flatMap((f) => (f.chart === null ? [] : [f.chart]));

test.each(charts.map((c, i) => [c.title, chartSvg(c, windows, `k${String(i)}`)] as const))(
  "%s: named, both colours, finite coordinates",
  (title, svg) => {
    expect(svg).toMatch(/^<svg [^>]*role="img"/);
    expect(svg).toContain(`<title>${title}</title><desc>`);
    expect(svg).toContain(LIGHT.baseline);
    expect(svg).toContain(LIGHT.incident);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toMatch(/(?:width|height)="-/);
  },
);

test("the incident is hatched and dashed, the pattern has the chart's own key", () => {
  for (const distribution of [numericDistribution, categoricalDistribution]) {
    const svg = distributionSvg(distribution, "t", undefined, "own-key");
    expect(svg).toContain('<pattern id="own-key"');
    expect(svg).toContain('fill="url(#own-key)"');
    expect(svg).toContain("stroke-dasharray");
  }
});

test("twelve categories by name, the rest as one", () => {
  const svg = distributionSvg(categoricalDistribution, "t", undefined, "k");
  expect(svg).toContain(">mobile<");
  expect(svg).toContain(">(empty)<");
  expect(svg).not.toContain(">device_8<");
  expect(svg).toMatch(/>all others<|>other/);
  expect(svg).not.toContain("<script");
  expect(svg).not.toContain(HOSTILE.long);
});

test("shares of rows, not counts: windows of different sizes compare", () => {
  const svg = distributionSvg(
    {
      kind: "categorical",
      categories: ["x", "y"],
      baseline: [750, 250],
      incident: [1, 3],
      otherBaseline: 0,
      otherIncident: 0,
    },
    "t",
    undefined,
    "k",
  );
  expect(svg.match(/>75 %</g)).toHaveLength(2);
  expect(svg.match(/>25 %</g)).toHaveLength(2);
});

test("the unit stands on the axis", () => {
  expect(distributionSvg(numericDistribution, "t", "days", "k")).toContain("days");
});

test("draws nothing false from nothing", () => {
  const empty = [
    distributionSvg(
      { kind: "numeric", edges: [], baseline: [], incident: [] },
      "t",
      undefined,
      "k",
    ),
    distributionSvg(
      { kind: "numeric", edges: [5, 5], baseline: [0], incident: [3] },
      "t",
      undefined,
      "k",
    ),
    distributionSvg(
      {
        kind: "categorical",
        categories: [],
        baseline: [],
        incident: [],
        otherBaseline: 0,
        otherIncident: 0,
      },
      "t",
      undefined,
      "k",
    ),
    chartSvg({ kind: "series", title: "t", times: [], values: [], min: [], max: [] }, windows, "k"),
    chartSvg(
      { kind: "series", title: "t", times: [5], values: [null], min: [null], max: [null] },
      { baseline: null, incident: null },
      "k",
    ),
  ];
  for (const svg of empty) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("a gap in a series stays a gap", () => {
  const svg = chartSvg(
    {
      kind: "series",
      title: "t",
      times: [0, 1, 2, 3, 4],
      values: [1, 2, null, 2, 1],
      min: [1, 2, null, 2, 1],
      max: [1, 2, null, 2, 1],
    },
    { baseline: null, incident: null },
    "k",
  );
  expect(svg.match(/<polyline /g)).toHaveLength(2);
});

test("ticks are round and inside", () => {
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, expect.closeTo(0.4), expect.closeTo(0.6), 0.8, 1]);
  expect(ticks(-20, 280, 6)).toEqual([0, 50, 100, 150, 200, 250]);
});

test("a series' numbers are those of the intervals that begin in each window", () => {
  const chart = {
    kind: "series" as const,
    title: "latency",
    unit: "ms",
    times: [0, 10, 20, 30, 40],
    values: [1, 3, null, 10, 20],
    min: [0, 2, null, 9, 15],
    max: [2, 4, null, 11, 25],
  };
  const windows = { baseline: { from: 0, to: 20 }, incident: { from: 20, to: null } };
  expect(seriesNumbers(chart, windows)).toEqual({
    header: ["", "Baseline", "Incident"],
    cells: [
      ["intervals", "2", "2"],
      ["mean of the intervals, ms", "2", "15"],
      ["smallest, ms", "0", "9"],
      ["largest, ms", "4", "25"],
    ],
  });
  expect(seriesNumbers(chart, { baseline: null, incident: null })).toBeNull();
  const after = { from: 90, to: null };
  expect(seriesNumbers(chart, { baseline: windows.baseline, incident: after })?.cells[1]).toEqual([
    "mean of the intervals, ms",
    "2",
    "",
  ]);
});
