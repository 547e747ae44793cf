import type { Finding } from "../model/finding.ts";
import { SWEEP_AREAS, type SweepArea, type SweepItem } from "../model/reasoning.ts";
import { citedText } from "./why-tree.ts";

/** What to look at before anybody says that all was looked at; ids are stored in cases. */
const QUESTIONS: Readonly<Record<SweepArea, readonly (readonly [string, string])[]>> = {
  people: [
    ["handover", "Was there a hand-over, a holiday or a change of teams around the onset?"],
    ["load", "How many alerts and tasks did those on duty have at that time?"],
    ["knowledge", "Did those on duty know this part of the system, and how it fails?"],
    ["owner", "Who owned the feature, the model and the data set, and did they know it?"],
    ["reports", "Who noticed something first, and where did they report it?"],
    ["labels", "Did the people who label or review change, or their instructions?"],
  ],
  process: [
    [
      "change-review",
      "Which changes went out before the onset, and what did their review look at?",
    ],
    ["rollout", "Was a change rolled out in stages, and was it watched meanwhile?"],
    ["retraining", "When was the model last retrained, on which data, and who accepted it?"],
    ["validation", "Which checks does the data pass before training and before serving?"],
    ["alerting", "Which alert should have fired, on which threshold, and to whom?"],
    ["rollback", "Was there a practised way back, and how long did it take?"],
    ["contract", "Do upstream teams announce changes of schema and meaning?"],
  ],
  product: [
    ["feature-change", "Did the product, its texts, prices or defaults change?"],
    ["experiment", "Which experiments ran, and did their share of users change?"],
    ["season", "Do weekday, holiday, campaign or weather explain it? Was it so a year ago?"],
    ["mix", "Did the mix of users, countries, devices or channels change?"],
    ["feedback", "Does the model see the results of its own decisions?"],
    ["definition", "Did the definition of the metric or of the label change?"],
  ],
  platform: [
    ["pipelines", "Did every pipeline run, in time, once, with as many rows as usual?"],
    ["feature-store", "Are features fresh, and the same in training and serving?"],
    ["registry", "Which versions of model, code and configuration served, and where?"],
    ["capacity", "Did anything run near its limit: memory, connections, quotas, queues?"],
    ["dependencies", "Which systems that it depends on had trouble at that time?"],
    ["clocks", "Do clocks and time zones of the sources agree?"],
    ["monitoring", "Did monitoring itself work, and were exports complete?"],
    ["infrastructure", "Were hosts, network, storage or the cluster changed or replaced?"],
  ],
};

/** A question with what was found, as far as anybody looked. */
export interface SweepQuestion extends SweepItem {
  /** False for a question that somebody added. */
  readonly usual: boolean;
}

export interface SweepState {
  readonly questions: readonly SweepQuestion[];
  readonly byArea: Readonly<Record<SweepArea, { readonly looked: number; readonly of: number }>>;
  readonly warnings: readonly string[];
}

/** The usual questions with what the case says about them, and its own ones behind. */
export function sweepState(stored: readonly SweepItem[]): SweepState {
  const usual = SWEEP_AREAS.flatMap((area) =>
    QUESTIONS[area].map(([id, question]): SweepQuestion => {
      const full = `${area}/${id}`;
      const own = stored.find((s) => s.id === full);
      const untouched = { state: "open", note: "", findingIds: [] } as const;
      return { id: full, area, question, ...untouched, findingIds: [], ...own, usual: true };
    }),
  );
  const added = stored
    .filter((s) => !usual.some((u) => u.id === s.id))
    .map((s) => ({ ...s, usual: false }));
  const questions = SWEEP_AREAS.flatMap((area) =>
    [...usual, ...added].filter((q) => q.area === area),
  );
  const byArea = Object.fromEntries(
    SWEEP_AREAS.map((area) => {
      const own = questions.filter((q) => q.area === area && q.state !== "not applicable");
      return [area, { looked: own.filter((q) => q.state !== "open").length, of: own.length }];
    }),
  ) as SweepState["byArea"];
  return { questions, byArea, warnings: warningsOf(questions, byArea, stored.length > 0) };
}

function warningsOf(
  questions: readonly SweepQuestion[],
  byArea: SweepState["byArea"],
  begun: boolean,
): string[] {
  if (!begun) return [];
  const unseen = SWEEP_AREAS.filter((area) => byArea[area].looked === 0 && byArea[area].of > 0);
  const bare = questions.filter(
    (q) => q.state === "something" && q.note.trim() === "" && q.findingIds.length === 0,
  );
  return [
    ...(unseen.length === 0 ? [] : [`Nobody has looked at ${unseen.join(", ")} yet.`]),
    ...bare.map((q) => `“${q.question}” says that something was found, but not what.`),
  ];
}

const STATES: Readonly<Record<SweepItem["state"], string>> = {
  open: "not looked at",
  something: "something found",
  nothing: "nothing found",
  "not applicable": "not applicable",
};

/** Rows for readers: area, question, what came of it, sources. */
export function sweepTable(
  { questions }: SweepState,
  findings: readonly Pick<Finding, "id">[],
): string[][] {
  return questions.map((q) => [
    q.area,
    q.question,
    q.note.trim() === "" ? STATES[q.state] : `${STATES[q.state]}: ${q.note.trim()}`,
    citedText(q.findingIds, findings),
  ]);
}
