import type { CaseState } from "../model/case.ts";
import type { ComparisonDepth } from "../analysis/compare-depth.ts";
import type { Comparison } from "../model/comparison.ts";
import type { ModelPerformance } from "../model/model-checks.ts";
import type { RuleResult } from "../model/rules.ts";
import type { Suspect } from "../model/suspect.ts";

/** An event as the report's timeline lists it. */
export interface ReportEvent {
  /** µs UTC. */
  readonly at: number;
  readonly kind: string;
  readonly title: string;
  readonly service: string | null;
  /** Number and line of the evidence. */
  readonly evidence: number;
  readonly line: number;
}

/** Saved rules checked on the incident, and what of a suite was not understood. */
export interface CheckedRules {
  readonly results: readonly RuleResult[];
  readonly unsupported: readonly {
    readonly file: string;
    readonly type: string;
    readonly why: string;
  }[];
}

/** Everything that a report is made from; no database, no clock. */
export interface ReportInput {
  readonly state: CaseState;
  readonly comparison: Comparison | null;
  readonly suspects: readonly Suspect[];
  /** What the tables say about models; left out or null where that was not asked. */
  readonly models?: ModelPerformance | null;
  /** Columns together and by segment; left out or null where that was not asked. */
  readonly depth?: ComparisonDepth | null;
  /** Left out or null where there are no rules. */
  readonly rules?: CheckedRules | null;
  readonly timeline: readonly ReportEvent[];
  /** Evidence that could not be read. */
  readonly failed: readonly {
    readonly path: string;
    readonly reason: string;
    readonly advice: string;
  }[];
  /** ISO 8601. */
  readonly generatedAt: string;
  readonly version: string;
}
