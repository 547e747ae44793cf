import type { Block, Inline } from "../blocks.ts";
import type { ReportDocument } from "../document.ts";
import { bytes, integer, time } from "../format.ts";
import { METHODS, REPEATING } from "../methods.ts";
import { paragraph, prose, words } from "../prose.ts";
import { inlineTable, plainCell } from "../tables.ts";

/** Every file with its hash and counts, grouped by what was made of it. */
export function evidenceBlocks({ input }: ReportDocument): Block[] {
  const { evidence } = input.state;
  if (evidence.length === 0) return [paragraph("No file was added to the case.", "muted")];
  const groups = new Map<string, typeof evidence>();
  for (const file of evidence) {
    const zone =
      file.options.timezone === undefined
        ? ""
        : `, times without offset read as ${file.options.timezone}`;
    const common = `Table ${file.table}, by the importer ${file.importer}${zone}`;
    groups.set(common, [...(groups.get(common) ?? []), file]);
  }
  return [
    paragraph(
      "Every file by its SHA-256. Records in the file = imported + rejected. First and last time in UTC.",
      "muted",
    ),
    ...[...groups].map(([common, files]) =>
      inlineTable(
        common,
        [
          { title: "Id", width: 0.5 },
          { title: "File and SHA-256", width: 5 },
          { title: "Size", numeric: true, width: 0.9 },
          { title: "Imported", numeric: true, width: 1 },
          { title: "Rejected", numeric: true, width: 1 },
          { title: "From, to", width: 1.8 },
        ],
        files.map((file) => [
          plainCell(file.id),
          fileCell(file),
          plainCell(bytes(file.size)),
          plainCell(integer(file.rows)),
          plainCell(integer(file.rejected)),
          [
            words(file.from === null ? "–" : time(file.from).slice(0, 16)),
            { kind: "break" },
            words(file.to === null ? "–" : time(file.to).slice(0, 16)),
          ],
        ]),
      ),
    ),
  ];
}

function fileCell(file: ReportDocument["input"]["state"]["evidence"][number]): Inline[] {
  const notes = file.notes.flatMap(({ kind, message, count }): Inline[] => [
    { kind: "break" },
    words(
      `${message}${count === undefined || count === 1 ? "" : ` (${integer(count)})`}`,
      kind === "warning" ? { tone: "minor" } : { tone: "muted" },
    ),
  ]);
  return [
    words(file.name),
    { kind: "break" },
    words(file.sha256, { code: true, tone: "muted" }),
    ...notes,
  ];
}

/** Files that gave nothing, with the reason and what to do. */
export function failedBlocks({ input }: ReportDocument): Block[] {
  if (input.failed.length === 0) return [];
  return [
    {
      kind: "list",
      ordered: false,
      items: input.failed.map((f) => [
        words(f.path, { strong: true }),
        words(`: ${f.reason} ${f.advice}`),
      ]),
    },
  ];
}

export function methodBlocks(): Block[] {
  return METHODS.map(({ title, text }) => ({
    kind: "paragraph",
    inlines: [words(`${title}.`, { strong: true }), words(" "), ...prose(text)],
  }));
}

/** The queries under the findings, to be repeated. */
export function queryBlocks({ queries }: ReportDocument): Block[] {
  if (queries.length === 0) return [];
  return [
    ...REPEATING.map((p) => paragraph(p)),
    ...queries.flatMap((q): Block[] => [
      { kind: "heading", level: 3, text: q.id, aside: q.finding.title, id: `query-${q.id}` },
      { kind: "code", text: q.sql, caption: "" },
      {
        kind: "paragraph",
        style: "source",
        inlines: [
          words("Parameters "),
          words(q.parameters, { code: true }),
          { kind: "break" },
          words(`Result: ${integer(q.rows)} ${q.rows === 1 ? "row" : "rows"}, SHA-256 `),
          words(q.digest, { code: true }),
        ],
      },
    ]),
  ];
}
