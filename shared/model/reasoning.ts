import { z } from "zod";
import { Layer } from "./role.ts";

/**
 * What people think about the findings: every item of the reasoning tools and
 * of the report has an id and belongs to one collection. Texts are plain; in a
 * text meant for readers a number may name its finding as `[3.2 %](finding:ID)`.
 */

const Id = z.string().min(1);
const Findings = z.array(z.string());

/** A proposed root cause. */
export const Hypothesis = z.object({
  id: Id,
  title: z.string(),
  note: z.string(),
  layer: Layer,
});
export type Hypothesis = z.infer<typeof Hypothesis>;

/** Heuer's scale: very consistent, consistent, neutral, inconsistent, very inconsistent, not applicable. */
export const RATINGS = ["CC", "C", "N", "I", "II", "NA"] as const;
export const Rating = z.enum(RATINGS);
export type Rating = z.infer<typeof Rating>;

/** How one finding stands to one hypothesis; the id is `FINDING/HYPOTHESIS`. */
export const MatrixCell = z.object({
  id: Id,
  findingId: z.string(),
  hypothesisId: z.string(),
  rating: Rating,
  reason: z.string(),
});
export type MatrixCell = z.infer<typeof MatrixCell>;

/** What kind of answer a "because" is. */
export const WHY_AREAS = [
  "technology",
  "product",
  "process",
  "people",
  "detection",
  "environment",
] as const;
export const WhyArea = z.enum(WHY_AREAS);
export type WhyArea = z.infer<typeof WhyArea>;

/** A "because": answers its parent, or the problem itself where it has none. */
export const Why = z.object({
  id: Id,
  parentId: z.string().nullable(),
  text: z.string(),
  area: WhyArea,
  findingIds: Findings,
  /** Said to be an assumption; without findings it must be. */
  assumption: z.boolean(),
});
export type Why = z.infer<typeof Why>;

/** A bone of the fishbone. */
export const FishboneCategory = z.object({ id: Id, name: z.string() });
export type FishboneCategory = z.infer<typeof FishboneCategory>;

/** A cause on a bone, or on another cause. */
export const FishboneCause = z.object({
  id: Id,
  categoryId: z.string(),
  parentId: z.string().nullable(),
  text: z.string(),
  findingIds: Findings,
});
export type FishboneCause = z.infer<typeof FishboneCause>;

/** A rating of an FMEA, 1 to 10; null while nobody has rated. */
const Score = z.number().int().min(1).max(10).nullable();
export const FmeaScores = z.object({ severity: Score, occurrence: Score, detection: Score });
export type FmeaScores = z.infer<typeof FmeaScores>;

/** A row of the failure mode and effects analysis. */
export const FailureMode = z.object({
  id: Id,
  /** Part or step that can fail. */
  item: z.string(),
  mode: z.string(),
  effect: z.string(),
  cause: z.string(),
  /** What prevents or notices it today. */
  controls: z.string(),
  before: FmeaScores,
  /** Expected, or measured, once the actions are done. */
  after: FmeaScores,
  actionIds: z.array(z.string()),
  findingIds: Findings,
});
export type FailureMode = z.infer<typeof FailureMode>;

/** Areas of the 4 P's. */
export const SWEEP_AREAS = ["people", "process", "product", "platform"] as const;
export const SweepArea = z.enum(SWEEP_AREAS);
export type SweepArea = z.infer<typeof SweepArea>;

/** A question of the 4 P's and whether it was looked at; default questions are stored once they are touched. */
export const SweepItem = z.object({
  id: Id,
  area: SweepArea,
  question: z.string(),
  state: z.enum(["open", "something", "nothing", "not applicable"]),
  note: z.string(),
  findingIds: Findings,
});
export type SweepItem = z.infer<typeof SweepItem>;

export const FACTOR_ROLES = [
  "root cause",
  "trigger",
  "contributing",
  "made it worse",
  "delayed detection",
  "delayed recovery",
] as const;
/** What can be checked before a correlation is called a cause. */
export const CAUSAL_CHECKS = [
  "order in time",
  "strength",
  "dose and response",
  "mechanism",
  "removal",
  "elsewhere",
  "other explanations",
] as const;
export const CausalCheckName = z.enum(CAUSAL_CHECKS);
export type CausalCheckName = z.infer<typeof CausalCheckName>;

/** A factor of the incident, and how far it is shown to be a cause. */
export const Factor = z.object({
  id: Id,
  text: z.string(),
  role: z.enum(FACTOR_ROLES),
  layer: Layer,
  claim: z.enum(["cause", "correlation", "unknown"]),
  /** By name; a check that is not here was not made. */
  checks: z.partialRecord(
    CausalCheckName,
    z.object({ result: z.enum(["supports", "contradicts", "unclear"]), note: z.string() }),
  ),
  findingIds: Findings,
  note: z.string(),
});
export type Factor = z.infer<typeof Factor>;

/** Where a number or a time comes from. */
export const BASES = ["query", "input", "estimate"] as const;
export const Basis = z.enum(BASES);
export type Basis = z.infer<typeof Basis>;

export const MILESTONES = ["started", "detected", "mitigated", "resolved"] as const;
/** A time of the incident's course; one item each, the id is its name. */
export const Milestone = z.object({
  id: z.enum(MILESTONES),
  /** µs UTC. */
  at: z.number(),
  basis: Basis,
  findingIds: Findings,
  note: z.string(),
});
export type Milestone = z.infer<typeof Milestone>;

export const IMPACT_KINDS = ["requests", "users", "money", "churn", "other"] as const;
/** One number of the impact with its uncertainty. */
export const ImpactItem = z.object({
  id: Id,
  kind: z.enum(IMPACT_KINDS),
  name: z.string(),
  unit: z.string(),
  low: z.number().nullable(),
  likely: z.number().nullable(),
  high: z.number().nullable(),
  basis: Basis,
  findingIds: Findings,
  note: z.string(),
});
export type ImpactItem = z.infer<typeof ImpactItem>;

/** A service level: what was promised, and what was missed in its period. */
export const Objective = z.object({
  id: Id,
  name: z.string(),
  /** Promised share of good events or of time, in (0, 1). */
  target: z.number().gt(0).lt(1),
  /** Days over which it is promised. */
  periodDays: z.number().positive(),
  /** What is counted. */
  measure: z.enum(["minutes", "requests"]),
  /** Bad minutes or requests of the incident; null takes the duration, where minutes count. */
  bad: z.number().nonnegative().nullable(),
  /** Requests of the period, where requests count. */
  total: z.number().positive().nullable(),
  /** True where it stands in a contract (SLA), with what a breach costs. */
  contract: z.boolean(),
  penalty: z.string(),
  basis: Basis,
  findingIds: Findings,
  note: z.string(),
});
export type Objective = z.infer<typeof Objective>;

export const COMPARISONS = ["<", "<=", ">", ">=", "="] as const;
/** A check that shows on later data whether an action worked. */
export const ActionCheck = z.discriminatedUnion("kind", [
  /** A rule of the case (Compare, Rules), by table and position-independent text. */
  z.object({ kind: z.literal("rule"), table: z.string(), rule: z.string() }),
  /** The first number that a query answers, against a threshold. */
  z.object({
    kind: z.literal("query"),
    sql: z.string(),
    comparison: z.enum(COMPARISONS),
    threshold: z.number(),
  }),
]);
export type ActionCheck = z.infer<typeof ActionCheck>;

/** What a check of an action answered. */
export const ActionCheckResult = z.object({
  at: z.string(),
  holds: z.boolean(),
  /** The measured number as text, or the rule's share. */
  observed: z.string(),
  resultDigest: z.string(),
  /** Evidence on which it ran. */
  evidenceIds: z.array(z.string()),
});
export type ActionCheckResult = z.infer<typeof ActionCheckResult>;

export const ACTION_KINDS = ["preventive", "detective", "corrective"] as const;
export const ACTION_STATES = ["open", "in progress", "done", "dropped"] as const;
export const Action = z.object({
  id: Id,
  title: z.string(),
  kind: z.enum(ACTION_KINDS),
  owner: z.string(),
  /** `YYYY-MM-DD`, empty while none is set. */
  due: z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/),
  /** Measurable success metric, in words. */
  metric: z.string(),
  check: ActionCheck.nullable(),
  /** Latest last. */
  results: z.array(ActionCheckResult),
  factorIds: z.array(z.string()),
  state: z.enum(ACTION_STATES),
  note: z.string(),
});
export type Action = z.infer<typeof Action>;

export const AUDIENCES = ["executive", "technical", "audit"] as const;
export const Audience = z.enum(AUDIENCES);
export type Audience = z.infer<typeof Audience>;

export const BLOCK_KINDS = [
  "summary",
  "key-numbers",
  "text",
  "finding",
  "chart",
  "table",
  "findings",
  "timeline",
  "hypotheses",
  "whys",
  "fishbone",
  "fmea",
  "sweep",
  "factors",
  "impact",
  "actions",
  "shifts",
  "depth",
  "models",
  "suspects",
  "events",
  "evidence",
  "methods",
  "queries",
  "record",
] as const;
/** A part of the report, in the order of the collection. */
export const ReportBlock = z.object({
  id: Id,
  kind: z.enum(BLOCK_KINDS),
  /** Empty: the usual title of its kind. */
  title: z.string(),
  /** What a person writes before the block's own content; all there is of a `text`. */
  text: z.string(),
  /** Of a `finding`, and of its `chart` or `table` alone. */
  findingId: z.string().nullable(),
  audiences: z.array(Audience),
  /** What the speaker says; never in print. */
  notes: z.string(),
});
export type ReportBlock = z.infer<typeof ReportBlock>;

/** A step of the guide that a person ticked or wrote about; the id is that of the step. */
export const GuideAnswer = z.object({ id: Id, done: z.boolean(), note: z.string() });
export type GuideAnswer = z.infer<typeof GuideAnswer>;

/** All collections by name. */
export const COLLECTIONS = {
  hypotheses: Hypothesis,
  cells: MatrixCell,
  whys: Why,
  categories: FishboneCategory,
  causes: FishboneCause,
  failureModes: FailureMode,
  sweep: SweepItem,
  factors: Factor,
  milestones: Milestone,
  impacts: ImpactItem,
  objectives: Objective,
  actions: Action,
  blocks: ReportBlock,
  answers: GuideAnswer,
} as const;
export type Collection = keyof typeof COLLECTIONS;
export type ItemOf<C extends Collection> = z.infer<(typeof COLLECTIONS)[C]>;
export const CollectionName = z.enum(Object.keys(COLLECTIONS) as [Collection, ...Collection[]]);

export const ItemsSchema = z.object({
  hypotheses: z.array(Hypothesis),
  cells: z.array(MatrixCell),
  whys: z.array(Why),
  categories: z.array(FishboneCategory),
  causes: z.array(FishboneCause),
  failureModes: z.array(FailureMode),
  sweep: z.array(SweepItem),
  factors: z.array(Factor),
  milestones: z.array(Milestone),
  impacts: z.array(ImpactItem),
  objectives: z.array(Objective),
  actions: z.array(Action),
  blocks: z.array(ReportBlock),
  answers: z.array(GuideAnswer),
});

export type Items = z.infer<typeof ItemsSchema>;

export const NO_ITEMS: Items = {
  hypotheses: [],
  cells: [],
  whys: [],
  categories: [],
  causes: [],
  failureModes: [],
  sweep: [],
  factors: [],
  milestones: [],
  impacts: [],
  objectives: [],
  actions: [],
  blocks: [],
  answers: [],
};

/** Texts of the case that belong to no item. */
export const TEXT_KEYS = ["problem", "detection-gap", "lessons"] as const;
export const TextKey = z.enum(TEXT_KEYS);
export type TextKey = z.infer<typeof TextKey>;

export const REVIEW_STATES = ["draft", "in review", "final"] as const;
/** A step of the review: who put the report into which state. */
export const ReviewStep = z.object({
  status: z.enum(REVIEW_STATES),
  /** Version of the report, from 1; a final one is superseded by the next. */
  version: z.number().int().positive(),
  by: z.string().min(1),
  note: z.string(),
  at: z.string(),
});
export type ReviewStep = z.infer<typeof ReviewStep>;

/** What stands in exports in the place of a value that may not leave; the same in all exports of a case. */
export const Pseudonym = z.object({ kind: z.string(), value: z.string(), pseudonym: z.string() });
export type Pseudonym = z.infer<typeof Pseudonym>;

/** An AIAG-VDA action priority for a range of scores, first match counts. */
export const PriorityRule = z.object({
  severity: z.tuple([z.number().int(), z.number().int()]),
  occurrence: z.tuple([z.number().int(), z.number().int()]),
  detection: z.tuple([z.number().int(), z.number().int()]),
  priority: z.enum(["high", "medium", "low"]),
});
/** A table of action priorities, with where it was published. */
export const PriorityTable = z.object({
  name: z.string(),
  source: z.string(),
  rules: z.array(PriorityRule),
});
export type PriorityTable = z.infer<typeof PriorityTable>;
