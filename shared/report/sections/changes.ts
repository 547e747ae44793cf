import type { Block } from "../blocks.ts";
import { effectText, type ReportDocument } from "../document.ts";
import { integer, pValue } from "../format.ts";
import { effectMeanings } from "../methods.ts";
import { paragraph, prose, words } from "../prose.ts";
import { inlineTable, plainCell, textTable } from "../tables.ts";

/** Differences between baseline and incident. */
export function shiftBlocks(doc: ReportDocument): Block[] {
  return [...cutWarning(doc), ...shiftsTable(doc)];
}

/** A gap in the evidence is not a change in the system. */
function cutWarning({ cut }: ReportDocument): Block[] {
  if (cut.length === 0) return [];
  return [
    {
      kind: "callout",
      tone: "caution",
      title: "Evidence that may be incomplete.",
      inlines: [words("Where it ends, the numbers end, not the traffic.")],
    },
    {
      kind: "list",
      ordered: false,
      items: cut.map((c) => [
        words(c.id, { strong: true }),
        words(` ${c.name}: `),
        ...prose(c.why),
      ]),
    },
  ];
}

function shiftsTable(doc: ReportDocument): Block[] {
  const { shifts, shiftsLeftOut, input } = doc;
  if (input.comparison === null) return [paragraph("The windows were not compared.", "muted")];
  if (shifts.length === 0) {
    return [paragraph("Nothing differs beyond the thresholds."), ...otherChanges(doc)];
  }
  return [
    paragraph("Differences between baseline and incident, strongest first.", "muted"),
    inlineTable(
      "",
      [
        { title: "Verdict", width: 0.7 },
        { title: "What", width: 1.6 },
        { title: "In words", width: 3 },
        { title: "Effect", numeric: true, width: 1.2 },
        { title: "q", numeric: true, width: 0.7 },
      ],
      shifts.map((s) => [
        [words(s.verdict, s.verdict === "none" ? {} : { strong: true, tone: s.verdict })],
        [
          words(s.subject.name, { strong: true }),
          { kind: "break" },
          words(s.table, { tone: "muted" }),
        ],
        prose(s.sentence),
        plainCell(effectText(s)),
        plainCell(pValue(s.q)),
      ]),
    ),
    ...(shiftsLeftOut === 0
      ? []
      : [paragraph(`${integer(shiftsLeftOut)} weaker shifts are in findings.json.`, "muted")]),
    {
      kind: "list",
      ordered: false,
      style: "muted",
      items: effectMeanings(shifts).map(({ title, text }) => [
        words(title, { strong: true }),
        words(`: ${text}`),
      ]),
    },
    ...otherChanges(doc),
  ];
}

/** Columns that came or went, and tables that could not be compared. */
function otherChanges({ input: { comparison } }: ReportDocument): Block[] {
  const items = [
    ...(comparison?.schemaChanges ?? []).map((s) => [
      words(s.column, { code: true }),
      words(" in "),
      words(s.table, { code: true }),
      words(` ${s.change.replaceAll("_", " ")}: `),
      ...prose(s.why),
    ]),
    ...(comparison?.tables ?? []).flatMap((t) =>
      t.skipped === null
        ? []
        : [[words(t.table, { code: true }), words(" not compared: "), ...prose(t.skipped)]],
    ),
  ];
  return items.length === 0 ? [] : [{ kind: "list", ordered: false, items }];
}

/** Columns together and by segment. */
export function depthBlocks({ depth }: ReportDocument): Block[] {
  return depth.flatMap(({ table, statements }, index): Block[] => [
    { kind: "heading", level: 3, text: table, id: `depth-${index + 1}` },
    { kind: "list", ordered: false, items: statements.map(prose) },
  ]);
}

/** The models behind the tables. */
export function modelBlocks({ models }: ReportDocument): Block[] {
  return models.flatMap((model, index): Block[] => [
    { kind: "heading", level: 3, text: model.title, id: `model-${index + 1}` },
    ...(model.statements.length === 0
      ? []
      : [{ kind: "list", ordered: false, items: model.statements.map(prose) } as const]),
    ...model.tables.map(({ caption, header, rows }) =>
      textTable(
        caption,
        header.map((title, i) => (i === 0 ? title : { title, numeric: true })),
        rows,
      ),
    ),
    ...model.notes.map((n) => paragraph(n, "muted")),
  ]);
}
