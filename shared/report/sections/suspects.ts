import type { Block } from "../blocks.ts";
import type { ReportDocument } from "../document.ts";
import { ended, integer, time } from "../format.ts";
import { paragraph, prose, words } from "../prose.ts";
import { inlineTable, plainCell } from "../tables.ts";

const SIGNS = { supports: "✓", contradicts: "✗", unknown: "?" } as const;
const WORDS = { supports: "for", contradicts: "against", unknown: "not known" } as const;
const TONES = { supports: "good", contradicts: "major", unknown: "muted" } as const;

/** What moved, ranked, with the checks for and against. */
export function suspectBlocks({ suspects }: ReportDocument): Block[] {
  if (suspects.length === 0) return [];
  return [
    paragraph("A suspect is something that moved, not a proven cause.", "muted"),
    ...suspects.flatMap((s): Block[] => [
      {
        kind: "heading",
        level: 3,
        text: `${s.rank}. ${s.name}`,
        aside: [s.kind, s.layer, ...(s.service === null ? [] : [s.service])].join(", "),
        id: `suspect-${s.rank}`,
      },
      {
        kind: "paragraph",
        inlines: [
          ...prose(ended(s.sentence)),
          ...(s.onset === null ? [] : [words(` Began to move ${time(s.onset.at)}.`)]),
        ],
      },
      {
        kind: "list",
        ordered: false,
        items: s.checks.map((k) => [
          words(SIGNS[k.result], { strong: true, tone: TONES[k.result] }),
          words(` ${k.name.replaceAll("_", " ")} (${WORDS[k.result]}): `),
          ...prose(k.why),
        ]),
      },
    ]),
  ];
}

/** Events of the evidence in the order of time. */
export function eventBlocks({ input }: ReportDocument): Block[] {
  if (input.timeline.length === 0) return [];
  return [
    inlineTable(
      "",
      [
        { title: "Time (UTC)", width: 1.3 },
        { title: "Kind", width: 0.9 },
        { title: "What", width: 3 },
        { title: "Service", width: 1.1 },
        { title: "Source", width: 1.1 },
      ],
      input.timeline.map((e) =>
        [
          time(e.at).replace(" UTC", ""),
          e.kind,
          e.title,
          e.service ?? "",
          `E${e.evidence}, line ${integer(e.line)}`,
        ].map(plainCell),
      ),
    ),
  ];
}
