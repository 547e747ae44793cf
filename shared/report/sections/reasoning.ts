import { describeFishbone, fishboneSvg } from "../fishbone-svg.ts";
import { DEFAULT_PRIORITY_TABLE } from "../../reasoning/fmea-priority-table.ts";
import { fmeaTable } from "../../reasoning/fmea.ts";
import { layoutFishbone } from "../../reasoning/fishbone-layout.ts";
import { analyseMatrix, matrixTable } from "../../reasoning/matrix.ts";
import { sweepState, sweepTable } from "../../reasoning/sweep-questions.ts";
import { whyOutline, whyWarnings } from "../../reasoning/why-tree.ts";
import type { Block, Inline } from "../blocks.ts";
import type { ReportDocument } from "../document.ts";
import { paragraph, prose, words, type Sources } from "../prose.ts";
import { inlineTable, textTable } from "../tables.ts";

/** The matrix, the order that it gives, and what that order hangs on. */
export function hypothesisBlocks(doc: ReportDocument): Block[] {
  const { items, findings } = doc.input.state;
  if (items.hypotheses.length === 0) return [];
  const analysis = analyseMatrix(items, findings);
  const table = matrixTable(analysis, items, findings);
  const list = (texts: readonly string[]): Block[] =>
    texts.length === 0
      ? []
      : [{ kind: "list", ordered: false, items: texts.map((text) => prose(text)) }];
  return [
    paragraph(
      "Analysis of competing hypotheses (Heuer): a hypothesis is judged by what speaks against it. Least inconsistent first; it is the one that was hardest to refute, not a proven one.",
      "muted",
    ),
    textTable(
      "",
      [
        { title: "Rank", width: 0.7, numeric: true },
        { title: "Hypothesis", width: 4.4 },
        { title: "Layer", width: 1.1 },
        { title: "Inconsistency", width: 1.6, numeric: true },
        { title: "Findings against", width: 1.3, numeric: true },
        { title: "Consistent", width: 1.3, numeric: true },
      ],
      table.ranking,
    ),
    ...(table.rows.length === 0
      ? []
      : [
          textTable(
            "Findings and hypotheses (CC very consistent, C consistent, N neutral, I inconsistent, II very inconsistent, NA not applicable)",
            table.header.map((title, i) => {
              const numeric = i === table.header.length - 1;
              return { title, numeric, width: i === 0 ? 6 : numeric ? 1.8 : 1 };
            }),
            table.rows,
          ),
        ]),
    ...list(table.reasons),
    ...list(analysis.sensitivity.map((s) => s.text)),
    ...list(analysis.warnings),
  ];
}

/** Every because with its source. */
export function whyBlocks(doc: ReportDocument, sources: Sources): Block[] {
  const { items, findings, texts } = doc.input.state;
  const lines = whyOutline(items.whys, findings);
  const problem = texts.problem ?? "";
  if (lines.length === 0) return sources.authored(problem);
  const warnings = whyWarnings(items.whys, findings).filter((w) => w.kind !== "no source");
  return [
    ...(problem.trim() === ""
      ? []
      : [
          {
            kind: "callout" as const,
            tone: "key" as const,
            title: "The problem.",
            inlines: sources.inlines(problem),
          },
        ]),
    inlineTable(
      "",
      [
        { title: "Why", width: 0.8 },
        { title: "Because", width: 5 },
        { title: "Kind", width: 1.1 },
        { title: "Source", width: 1.3 },
      ],
      lines.map((line) => [
        [words(line.number)],
        [words("\u2003".repeat(Math.max(0, line.depth - 1))), ...sources.inlines(line.text)],
        [words(line.area)],
        [
          words(
            line.sources,
            line.sources === "no source yet"
              ? { tone: "major" }
              : line.sources === "assumption"
                ? { tone: "minor" }
                : {},
          ),
        ],
      ]),
    ),
    ...(warnings.length === 0
      ? []
      : [
          {
            kind: "list" as const,
            ordered: false,
            style: "muted" as const,
            items: warnings.map((w): Inline[] => [words(w.text)]),
          },
        ]),
  ];
}

export function fishboneBlocks(doc: ReportDocument): Block[] {
  const { items, findings, texts } = doc.input.state;
  if (items.causes.every((cause) => cause.text.trim() === "")) return [];
  const problem = (texts.problem ?? "").trim() || doc.title;
  const { categories, causes } = items;
  const layout = layoutFishbone({ problem, categories, causes, findings });
  return [
    {
      kind: "picture",
      caption: "Causes and effect, with the findings that show them",
      picture: {
        svg: fishboneSvg(layout),
        width: layout.width,
        height: layout.height,
        title: "Fishbone",
        alt: describeFishbone(layout),
      },
      numbers: textTable(
        "",
        ["Branch", "Causes"],
        categories.map(({ id, name }) => [
          name,
          causes
            .filter((cause) => cause.categoryId === id)
            .map((cause) => cause.text)
            .join("; "),
        ]),
      ),
    },
  ];
}

/** What can fail, how bad, how often and how well noticed; before and after the actions. */
export function fmeaBlocks(doc: ReportDocument): Block[] {
  const { items, priorityTable, findings } = doc.input.state;
  if (items.failureModes.length === 0) return [];
  const { header, rows, source } = fmeaTable(
    items,
    priorityTable ?? DEFAULT_PRIORITY_TABLE,
    findings,
  );
  const at = (name: string): number => header.indexOf(name);
  const column = (row: readonly string[], name: string): string => row[at(name)] ?? "–";
  const scores = (row: readonly string[], after: "" | " after"): string =>
    ["S", "O", "D"].map((name) => column(row, `${name}${after}`)).join(" · ");
  return [
    textTable(
      "Failure modes, most urgent first",
      [
        { title: "Item and failure mode", width: 2.2 },
        { title: "Effect", width: 1.8 },
        { title: "Cause and controls today", width: 2.2 },
        { title: "S · O · D", width: 0.9 },
        { title: "RPN", width: 0.6, numeric: true },
        { title: "Priority", width: 0.9 },
      ],
      rows.map((row) => [
        `${column(row, "Item")}: ${column(row, "Failure mode")} (${column(row, "Findings")})`,
        column(row, "Effect"),
        `${column(row, "Cause")}. Controls: ${column(row, "Controls today")}`,
        scores(row, ""),
        column(row, "RPN"),
        column(row, "Priority"),
      ]),
    ),
    textTable(
      "After the actions",
      [
        { title: "Failure mode", width: 2.2 },
        { title: "Actions", width: 3 },
        { title: "S · O · D", width: 0.9 },
        { title: "RPN", width: 0.6, numeric: true },
        { title: "Priority", width: 0.9 },
      ],
      rows.map((row) => [
        column(row, "Failure mode"),
        column(row, "Actions"),
        scores(row, " after"),
        column(row, "RPN after"),
        column(row, "Priority after"),
      ]),
    ),
    paragraph(
      `S severity, O occurrence, D detection, each 1 to 10; RPN is their product. Priorities: ${source}`,
      "muted",
    ),
  ];
}

/** What was looked at, and what was not. */
export function sweepBlocks(doc: ReportDocument): Block[] {
  const { items, findings } = doc.input.state;
  if (items.sweep.length === 0) return [];
  const sweep = sweepState(items.sweep);
  return [
    textTable(
      "People, process, product, platform",
      [
        { title: "Area", width: 0.9 },
        { title: "Question", width: 3.4 },
        { title: "What came of it", width: 2.6 },
        { title: "Source", width: 0.8 },
      ],
      sweepTable(sweep, findings),
    ),
  ];
}
