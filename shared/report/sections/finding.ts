import type { Finding, FindingChart } from "../../model/finding.ts";
import type { Block, Inline, TableBlock } from "../blocks.ts";
import { chartSvg, distributionShares } from "../charts.ts";
import type { ReportDocument } from "../document.ts";
import { integer, numberText, number, percent, time } from "../format.ts";
import { prose, words, type Sources } from "../prose.ts";
import { sizeOfSvg } from "../svg.ts";
import { inlineTable, plainCell, textTable } from "../tables.ts";

/** A finding: what it says, what it means, its picture and numbers, and where they come from. */
export function findingBlocks(finding: Finding, doc: ReportDocument, sources: Sources): Block[] {
  const index = doc.findings.findIndex((f) => f.id === finding.id) + 1;
  return [
    {
      kind: "heading",
      level: 3,
      text: `${index}. ${finding.title}`,
      id: `finding-${index}`,
    },
    ...(finding.statement === ""
      ? []
      : [{ kind: "paragraph", inlines: prose(finding.statement) } as const]),
    ...sources.authored(finding.note),
    ...(finding.chart === null ? [] : [chartBlock(finding.chart, doc, `chart-${index}`)]),
    ...numbersTables(finding),
    ...rowsTable(finding),
    source(finding, doc),
  ];
}

/** The picture of a finding alone, with its source. `key` makes the ids in it unique. */
export function findingChartBlocks(finding: Finding, doc: ReportDocument, key: string): Block[] {
  return finding.chart === null ? [] : [chartBlock(finding.chart, doc, key), source(finding, doc)];
}

/** The numbers of a finding alone, with their source. */
export function findingTableBlocks(finding: Finding, doc: ReportDocument): Block[] {
  const tables = [...numbersTables(finding), ...rowsTable(finding)];
  return tables.length === 0 ? [] : [...tables, source(finding, doc)];
}

function chartBlock(chart: FindingChart, { input }: ReportDocument, key: string): Block {
  const svg = chartSvg(chart, input.state.windows, key);
  const unit = chart.unit === undefined ? "" : ` (${chart.unit})`;
  const numbers = chartNumbers(chart);
  return {
    kind: "picture",
    picture: { svg, ...sizeOfSvg(svg), alt: chartAlt(chart), title: chart.title },
    caption: `${chart.title}${unit}`,
    ...(numbers === null ? {} : { numbers }),
  };
}

/** What the picture shows, in a sentence. */
function chartAlt(chart: FindingChart): string {
  if (chart.kind === "distribution") {
    const rows = distributionShares(chart.distribution).slice(0, 6);
    const shares = rows.map(
      (r) =>
        `${r.name}: ${percent(r.baseline)} in the baseline, ${percent(r.incident)} in the incident`,
    );
    return `${chart.title}. ${shares.join("; ")}.`;
  }
  const finite = (values: readonly (number | null)[]): number[] => values.filter((v) => v !== null);
  const low = finite(chart.min).reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite(chart.max).reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return `${chart.title}: no values.`;
  return `${chart.title}: ${number(low)} to ${number(high)}, ${time(chart.times[0] ?? null)} to ${time(chart.times.at(-1) ?? null)}.`;
}

function chartNumbers(chart: FindingChart): TableBlock | null {
  if (chart.kind !== "distribution") return null;
  const rows = distributionShares(chart.distribution);
  return textTable(
    "",
    ["", "#Baseline", "#Incident"],
    rows.map((r) => [r.name, percent(r.baseline), percent(r.incident)]),
  );
}

/** Numbers of both windows, and apart from them what was computed between them. */
function numbersTables({ numbers }: Finding): Block[] {
  if (numbers === null) return [];
  const { header, cells } = numbers;
  if (header[1] !== "Baseline") {
    return [
      inlineTable(
        "",
        header.map((title) => ({ title })),
        cells.map((row) => row.map((cell, i) => (i === 0 ? plainCell(cell) : prose(cell)))),
      ),
    ];
  }
  const between = cells.filter((row) => (row[3] ?? "") !== "");
  const windows = cells.filter((row) => !between.includes(row)).map((row) => row.slice(0, 3));
  return [
    numeric(header.slice(0, 3), windows),
    ...(between.length === 0
      ? []
      : [
          numeric(
            ["", header[3] ?? ""],
            between.map((row) => [row[0] ?? "", row[3] ?? ""]),
          ),
        ]),
  ];
}

function numeric(header: readonly string[], cells: readonly (readonly string[])[]): TableBlock {
  return inlineTable(
    "",
    header.map((title, i) => (i === 0 ? { title } : { title, numeric: true })),
    cells.map((row) => row.map((cell, i) => plainCell(i === 0 ? cell : numberText(cell)))),
  );
}

function rowsTable({ rows }: Finding): Block[] {
  if (rows.length === 0) return [];
  return [
    inlineTable(
      "Rows of the evidence",
      [
        { title: "File", width: 0.4 },
        { title: "Line", numeric: true, width: 0.5 },
        { title: "Text", width: 5 },
      ],
      rows.map((r) => [
        plainCell(r.evidenceId),
        plainCell(integer(r.line)),
        [words(r.text, { code: true })],
      ]),
    ),
  ];
}

/** Names of the first files; the rest by number. */
function source(finding: Finding, { queries, input }: ReportDocument): Block {
  if (finding.provenance === null && finding.evidenceIds.length === 0) {
    return {
      kind: "paragraph",
      style: "source",
      inlines: [words("A note; it stands on its author’s word.")],
    };
  }
  const query = queries.find((q) => q.finding.id === finding.id);
  const names = finding.evidenceIds.slice(0, 6).map((id) => {
    const file = input.state.evidence.find((e) => e.id === id);
    return file === undefined ? id : `${id} ${file.name}`;
  });
  const more = finding.evidenceIds.length - names.length;
  const asked: Inline[] =
    query === undefined
      ? []
      : [
          words(" · "),
          { kind: "ref", text: `query ${query.id}`, target: `query-${query.id}` },
          words(`, ${integer(query.rows)} ${query.rows === 1 ? "row" : "rows"}, digest `),
          words(`${query.digest.slice(0, 16)}…`, { code: true }),
        ];
  return {
    kind: "paragraph",
    style: "source",
    inlines: [
      words(`Source: ${names.join(", ")}${more > 0 ? ` and ${integer(more)} more` : ""}`),
      ...asked,
    ],
  };
}
