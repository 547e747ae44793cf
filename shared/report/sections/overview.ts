import type { Audience } from "../../model/reasoning.ts";
import type { Block } from "../blocks.ts";
import type { ReportDocument } from "../document.ts";
import { time } from "../format.ts";
import { prose, words, type Sources } from "../prose.ts";
import { sizeOfSvg } from "../svg.ts";
import { inlineTable, plainCell, textTable } from "../tables.ts";
import { courseFigures } from "./consequences.ts";
import { timelineSvg, type TimelineEntry } from "../timeline-svg.ts";

/** What the person wrote; where nobody wrote, what the comparison says. */
export function summaryBlocks(doc: ReportDocument, sources: Sources): Block[] {
  const { summary } = doc.input.state;
  if (summary.trim() !== "") return sources.authored(summary, "lead");
  return doc.summary.map((text) => ({ kind: "paragraph", style: "lead", inlines: prose(text) }));
}

/** What the machine counted; who decides sees how long it took, where that is known. */
export function keyNumberBlocks(doc: ReportDocument, audience: Audience): Block[] {
  const { keyNumbers } = doc;
  const course = audience === "executive" ? courseFigures(doc) : [];
  if (course.length > 0) return [{ kind: "figures", figures: course }];
  return [
    {
      kind: "figures",
      figures: keyNumbers.map(({ label, value }) => ({ label, value: [words(value)] })),
    },
  ];
}

/** Milestones, notes and events around the incident on one axis. */
export function timelineBlocks(doc: ReportDocument, audience: Audience): Block[] {
  const all = entriesOf(doc);
  const entries = audience === "executive" ? essential(all) : all;
  if (entries.length === 0) return [];
  const svg = timelineSvg(entries, doc.input.state.windows, "course");
  if (svg === null) return [];
  const told = entries.filter((e) => e.weight === "milestone");
  return [
    {
      kind: "picture",
      caption: "Course of the incident, times in UTC",
      picture: {
        svg,
        ...sizeOfSvg(svg),
        title: "Course of the incident",
        alt: `Course of the incident. ${told.map((e) => `${e.text} ${time(e.at)}`).join("; ")}`,
      },
      numbers: textTable(
        "",
        ["Time", "What"],
        entries.slice(0, 24).map((e) => [time(e.at), e.text]),
      ),
    },
  ];
}

/** Events that fit beside the milestones on a page with much else. */
const MOST_BRIEF = 5;

function essential(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const events = entries.filter((e) => e.weight === "event").slice(0, MOST_BRIEF);
  return entries.filter((e) => e.weight === "milestone" || events.includes(e));
}

function entriesOf({ input }: ReportDocument): TimelineEntry[] {
  const { milestones } = input.state.items;
  return [
    ...milestones.map((m) => ({
      at: m.at,
      text: `${m.id}${m.basis === "estimate" ? " (estimate)" : ""}`,
      weight: "milestone" as const,
    })),
    ...input.state.timelineNotes.map((n) => ({ at: n.at, text: n.text, weight: "event" as const })),
    ...input.timeline
      .filter((e) => e.evidence > 0)
      .map((e) => ({ at: e.at, text: e.title, weight: "event" as const })),
  ].sort((a, b) => a.at - b.at);
}

/** Review, exports and what else a hostile reader asks about the case itself. */
export function recordBlocks({ input }: ReportDocument): Block[] {
  const { review, exports } = input.state;
  return [
    ...(review.length === 0
      ? []
      : [
          inlineTable(
            "Review",
            ["Time (UTC)", "Status", "#Version", "By", "Note"],
            review.map((step) =>
              [
                step.at.slice(0, 19).replace("T", " "),
                step.status,
                String(step.version),
                step.by,
                step.note,
              ].map(plainCell),
            ),
          ),
        ]),
    ...(exports.length === 0
      ? []
      : [
          inlineTable(
            "Made from this case before",
            [
              { title: "Time (UTC)", width: 1.2 },
              { title: "File and SHA-256", width: 4 },
            ],
            exports.map((e) => [
              plainCell(e.at.slice(0, 19).replace("T", " ")),
              [
                words(
                  e.path.slice(Math.max(e.path.lastIndexOf("/"), e.path.lastIndexOf("\\")) + 1),
                ),
                { kind: "break" },
                words(e.sha256, { code: true, tone: "muted" }),
              ],
            ]),
          ),
        ]),
  ];
}
