import { AUDIENCES, type Audience, type ReportBlock } from "../model/reasoning.ts";

type Kind = ReportBlock["kind"];

const TECHNICAL: readonly Audience[] = ["technical", "audit"];

/** Which readers see a part, as long as nobody changed it. */
const DEFAULTS: readonly (readonly [Kind, readonly Audience[]])[] = [
  ["summary", AUDIENCES],
  ["key-numbers", AUDIENCES],
  ["timeline", AUDIENCES],
  ["impact", AUDIENCES],
  ["factors", AUDIENCES],
  ["findings", TECHNICAL],
  ["hypotheses", TECHNICAL],
  ["whys", TECHNICAL],
  ["fishbone", TECHNICAL],
  ["actions", AUDIENCES],
  ["fmea", TECHNICAL],
  ["sweep", TECHNICAL],
  ["shifts", TECHNICAL],
  ["depth", TECHNICAL],
  ["models", TECHNICAL],
  ["suspects", TECHNICAL],
  ["events", TECHNICAL],
  ["evidence", TECHNICAL],
  ["record", ["audit"]],
  ["methods", TECHNICAL],
  ["queries", TECHNICAL],
];

/** The report as it is before anybody has changed its parts. */
export const DEFAULT_BLOCKS: readonly ReportBlock[] = DEFAULTS.map(([kind, audiences]) =>
  newBlock(`default-${kind}`, kind, audiences),
);

/** A part without words of its own. */
export function newBlock(
  id: string,
  kind: Kind,
  audiences: readonly Audience[] = AUDIENCES,
): ReportBlock {
  return { id, kind, title: "", text: "", findingId: null, audiences: [...audiences], notes: "" };
}

/** The parts of the report of a case: its own once somebody changed them. */
export function blocksOf(own: readonly ReportBlock[]): readonly ReportBlock[] {
  return own.length > 0 ? own : DEFAULT_BLOCKS;
}

/** What a part is called where nobody named it. */
export const BLOCK_TITLES: Readonly<Record<Kind, string>> = {
  summary: "Summary",
  "key-numbers": "Key numbers",
  text: "Text",
  finding: "Finding",
  chart: "Chart",
  table: "Table",
  findings: "Findings",
  timeline: "Timeline",
  hypotheses: "Competing hypotheses",
  whys: "Five whys",
  fishbone: "Fishbone",
  fmea: "Failure modes and effects",
  sweep: "What was looked at",
  factors: "Root cause and contributing factors",
  impact: "Impact",
  actions: "Actions",
  shifts: "What changed",
  depth: "Together and by segment",
  models: "Model performance",
  suspects: "Suspects",
  events: "Events",
  evidence: "Evidence",
  methods: "Methods and limits",
  queries: "Appendix: queries",
  record: "Record of the case",
};
