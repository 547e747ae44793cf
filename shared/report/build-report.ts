import type { Audience, ReportBlock } from "../model/reasoning.ts";
import { reviewOf } from "../model/review.ts";
import { missingForDone } from "../reasoning/definition-of-done.ts";
import type { Block, BlockDocument, ReportSection } from "./blocks.ts";
import { BLOCK_TITLES, blocksOf } from "./default-blocks.ts";
import { isTold, reportDocument, type ReportDocument } from "./document.ts";
import { Sources, words } from "./prose.ts";
import type { ReportInput } from "./report-input.ts";
import { depthBlocks, modelBlocks, shiftBlocks } from "./sections/changes.ts";
import { actionBlocks, factorBlocks, impactBlocks } from "./sections/consequences.ts";
import { evidenceBlocks, failedBlocks, methodBlocks, queryBlocks } from "./sections/evidence.ts";
import { findingBlocks, findingChartBlocks, findingTableBlocks } from "./sections/finding.ts";
import {
  keyNumberBlocks,
  recordBlocks,
  summaryBlocks,
  timelineBlocks,
} from "./sections/overview.ts";
import {
  fishboneBlocks,
  fmeaBlocks,
  hypothesisBlocks,
  sweepBlocks,
  whyBlocks,
} from "./sections/reasoning.ts";
import { eventBlocks, suspectBlocks } from "./sections/suspects.ts";

/** Parts that are looked up, not shown to a room. */
const NOT_ON_SLIDES: ReadonlySet<ReportBlock["kind"]> = new Set<ReportBlock["kind"]>([
  "depth",
  "models",
  "suspects",
  "events",
  "evidence",
  "methods",
  "queries",
  "record",
  "sweep",
  "fmea",
]);

/** Parts that would only say that there are no data. */
const OF_DATA: ReadonlySet<ReportBlock["kind"]> = new Set<ReportBlock["kind"]>([
  "shifts",
  "evidence",
]);

/** Each finding is a card of its own. */
const IN_CARDS: ReadonlySet<ReportBlock["kind"]> = new Set<ReportBlock["kind"]>([
  "finding",
  "findings",
]);

/** The report for one audience, in the order that the case gives its parts; empty parts are left out. */
export function buildReport(input: ReportInput, audience: Audience): BlockDocument {
  const doc = reportDocument(input);
  const sources = new Sources(doc);
  const parts = blocksOf(input.state.items.blocks).filter((b) => b.audiences.includes(audience));
  const sections = parts.flatMap((part) => sectionsOf(part, doc, sources, audience));
  const { status, version } = reviewOf(input.state);
  const draft = status === "final" ? null : draftCallout(input, audience);
  return {
    title: doc.title,
    subtitle: `Root cause analysis, as of ${doc.generated}`,
    status,
    version,
    language: "en",
    generated: doc.generated,
    footer: `Made by Inquest ${input.version} on ${doc.generated}. Times in UTC. Baseline is blue and solid, incident orange and hatched, throughout.`,
    windows: doc.windows,
    verdict: doc.verdict,
    sections: draft === null ? sections : withFirst(sections, draft),
    footnotes: sources.footnotes(),
  };
}

/** What keeps the report from being more than a draft; null where nothing does. */
function draftCallout({ state }: ReportInput, audience: Audience): Block | null {
  const needed = missingForDone(state).filter((m) => m.severity === "needed");
  if (needed.length === 0) return null;
  const list = needed.map((m) => lowerFirst(m.what)).join("; ");
  return {
    kind: "callout",
    tone: "draft",
    title: "Draft.",
    inlines: [
      words(
        audience === "executive"
          ? `${needed.length} ${needed.length === 1 ? "thing is" : "things are"} missing until this is a finished report.`
          : `Missing until this is a finished report: ${list}.`,
      ),
    ],
  };
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

function withFirst([first, ...rest]: readonly ReportSection[], block: Block): ReportSection[] {
  return first === undefined ? [] : [{ ...first, blocks: [block, ...first.blocks] }, ...rest];
}

function sectionsOf(
  part: ReportBlock,
  doc: ReportDocument,
  sources: Sources,
  audience: Audience,
): ReportSection[] {
  const own = part.kind === "text" ? [] : contentOf(part, doc, sources, audience);
  const written = sources.authored(part.text);
  if (own.length + written.length === 0) return [];
  if (isTold(doc.input.state) && OF_DATA.has(part.kind) && written.length === 0) return [];
  const section: ReportSection = {
    id: `part-${part.id}`,
    title: part.title === "" ? BLOCK_TITLES[part.kind] : part.title,
    blocks: [...written, ...own],
    speakerNotes: part.notes,
    slide: !NOT_ON_SLIDES.has(part.kind),
    ...(IN_CARDS.has(part.kind) ? { cards: true } : {}),
  };
  const failed = part.kind === "evidence" ? failedBlocks(doc) : [];
  return failed.length === 0
    ? [section]
    : [
        section,
        {
          id: `part-${part.id}-failed`,
          title: "What could not be read",
          blocks: failed,
          speakerNotes: "",
          slide: false,
        },
      ];
}

function contentOf(
  part: ReportBlock,
  doc: ReportDocument,
  sources: Sources,
  audience: Audience,
): Block[] {
  switch (part.kind) {
    case "summary":
      return summaryBlocks(doc, sources);
    case "key-numbers":
      return keyNumberBlocks(doc, audience);
    case "text":
      return [];
    case "finding": {
      const finding = doc.findings.find((f) => f.id === part.findingId);
      return finding === undefined ? [] : findingBlocks(finding, doc, sources);
    }
    case "chart":
    case "table": {
      const finding = doc.findings.find((f) => f.id === part.findingId);
      if (finding === undefined) return [];
      return part.kind === "chart"
        ? findingChartBlocks(finding, doc, `chart-of-${part.id}`)
        : findingTableBlocks(finding, doc);
    }
    case "findings":
      return findingsBlocks(doc, sources);
    case "timeline":
      return timelineBlocks(doc, audience);
    case "shifts":
      return shiftBlocks(doc);
    case "depth":
      return depthBlocks(doc);
    case "models":
      return modelBlocks(doc);
    case "suspects":
      return suspectBlocks(doc);
    case "events":
      return eventBlocks(doc);
    case "evidence":
      return evidenceBlocks(doc);
    case "methods":
      return methodBlocks();
    case "queries":
      return queryBlocks(doc);
    case "record":
      return recordBlocks(doc);
    case "hypotheses":
      return hypothesisBlocks(doc);
    case "whys":
      return whyBlocks(doc, sources);
    case "fishbone":
      return fishboneBlocks(doc);
    case "fmea":
      return fmeaBlocks(doc);
    case "sweep":
      return sweepBlocks(doc);
    case "factors":
      return factorBlocks(doc, sources, audience);
    case "impact":
      return impactBlocks(doc, sources, audience);
    case "actions":
      return actionBlocks(doc, sources, audience);
  }
}

/** All findings, without those that have a part of their own. */
function findingsBlocks(doc: ReportDocument, sources: Sources): Block[] {
  if (doc.findings.length === 0) {
    return [
      {
        kind: "paragraph",
        style: "muted",
        inlines: [
          {
            kind: "text",
            text: "No finding has been put on record yet. What follows is the machine’s comparison.",
          },
        ],
      },
    ];
  }
  const parts = blocksOf(doc.input.state.items.blocks).filter((b) => b.kind === "finding");
  const alone = new Set(parts.map((b) => b.findingId));
  return doc.findings
    .filter((f) => !alone.has(f.id))
    .flatMap((f) => findingBlocks(f, doc, sources));
}
