import type { RowReference } from "./finding.ts";
import type { Verdict } from "./shift.ts";

/** How the lines of a template differ between the windows. */
export type LogChangeKind = "new" | "vanished" | "burst" | "level_shift" | "thinned" | "steady";

/** Where lines of a template are, beyond what the service's (host's) lines let expect. */
export interface Concentration {
  readonly of: "service" | "host";
  readonly name: string;
  /** Share of the template's lines that are there, in [0, 1]. */
  readonly share: number;
  /** That share over the share of all lines that are there; 1 is nothing special. */
  readonly lift: number;
}

/** Lines of a template in one window. */
export interface TemplateWindow {
  readonly lines: number;
  /** Lines per second. */
  readonly rate: number;
  /** Share of the lines of the services that write it, in [0, 1]. */
  readonly share: number;
}

/** One template compared between the windows. */
export interface TemplateChange {
  /** The template's id; with `/` and a shape's id where a kind of its messages stands for itself. */
  readonly id: string;
  readonly text: string;
  readonly name: string | null;
  /** Shapes of its lines (`logs.shape`). */
  readonly shapes: readonly number[];
  readonly kind: LogChangeKind;
  readonly verdict: Verdict;
  /** Most severe level of its lines; null where none is named. */
  readonly level: string | null;
  readonly baseline: TemplateWindow;
  readonly incident: TemplateWindow;
  /** Incident over baseline, lines per second; null for new ones (0 for vanished). */
  readonly timeRatio: number | null;
  /** The same over what the other templates of its services did; null for new ones. */
  readonly volumeRatio: number | null;
  /** 99 % interval of `timeRatio` that allows for bursts; high is null where there is no upper end. */
  readonly ratioLow: number;
  readonly ratioHigh: number | null;
  /** Variance over mean of its lines per bucket in the baseline, at the time scale where it is largest. */
  readonly dispersion: number;
  /** Largest change (times or one over it) of a part of the baseline against the rest; null without room for it. */
  readonly placebo: number | null;
  /** Likelihood-ratio statistic of the template against all other lines of its services. */
  readonly g: number;
  /** p of G over the dispersion, and its Benjamini-Hochberg correction. */
  readonly p: number;
  readonly q: number | null;
  /** Log-odds ratio with an informative Dirichlet prior, and in standard errors. */
  readonly logOdds: number;
  readonly logOddsZ: number;
  /** First and last line in all evidence, µs UTC. */
  readonly first: number | null;
  readonly last: number | null;
  readonly where: readonly Concentration[];
  readonly examples: readonly RowReference[];
  /** Why it is what it is, in words. */
  readonly sentence: string;
  readonly sql: string;
}

/** Lines of a service in all: what its templates are measured against. */
export interface ServiceVolume {
  /** Null for lines that name none. */
  readonly service: string | null;
  readonly baseline: number;
  readonly incident: number;
  /** Lines per second, incident over baseline. */
  readonly ratio: number | null;
  /** Median of the ratios of its templates: what the service did, whatever single templates did. */
  readonly activity: number;
  readonly verdict: Verdict;
  readonly sentence: string;
}

/** A parameter of a template, numeric or not, compared between the windows. */
export interface ParameterChange {
  /** `parameter 2`, or `field elapsed_ms`. */
  readonly name: string;
  /** Text left of the parameter, so that a person finds it. */
  readonly after: string;
  /** What SQL needs to read it again. */
  readonly source:
    | { readonly kind: "message"; readonly index: number }
    | { readonly kind: "field"; readonly key: string };
  readonly verdict: Verdict;
  readonly numeric: {
    readonly unit: string | null;
    readonly baseline: NumericSummary;
    readonly incident: NumericSummary;
    readonly ks: number;
    readonly p: number;
    /** Largest KS distance of a part of the baseline's time from the rest. */
    readonly placebo: number;
  } | null;
  readonly value: {
    readonly value: string;
    readonly baseline: number;
    readonly incident: number;
    /** Cohen's h of the shares. */
    readonly h: number;
    readonly p: number;
    /** Largest |h| of the same value between a part of the baseline's time and the rest. */
    readonly placebo: number;
  } | null;
  readonly q: number | null;
  readonly sentence: string;
}

export interface NumericSummary {
  readonly n: number;
  readonly median: number;
  readonly p95: number;
}

/** The parameters of one template. */
export interface ParameterComparison {
  readonly templateId: string;
  /** Lines of which the parameters were read, and all that there are. */
  readonly sampled: { readonly baseline: number; readonly incident: number };
  readonly lines: { readonly baseline: number; readonly incident: number };
  /** Those that changed first; without the ones that did not where only changes are asked for. */
  readonly parameters: readonly ParameterChange[];
}

/** How often a template was followed by another within the span. */
export interface FollowerChange {
  readonly kind: "broken" | "new";
  readonly first: { readonly id: string; readonly text: string };
  readonly then: { readonly id: string; readonly text: string };
  readonly baseline: FollowerRate;
  readonly incident: FollowerRate;
  /** Cohen's h of the two shares. */
  readonly h: number;
  readonly verdict: Verdict;
  readonly sentence: string;
}

export interface FollowerRate {
  readonly cases: number;
  readonly followed: number;
  readonly share: number;
  /** 95 % Wilson interval. */
  readonly low: number;
  readonly high: number;
}

export interface FollowerComparison {
  /** What tells lines that belong together. */
  readonly by: "trace" | "service and host";
  /** µs. */
  readonly within: number;
  readonly templates: number;
  /** Share of the lines that was looked at, in [0, 1]. */
  readonly sampled: number;
  readonly changes: readonly FollowerChange[];
  readonly sql: string;
}

/** Stack traces that are the same but for line numbers and addresses. */
export interface StackChange {
  /** Hash of exception and frames. */
  readonly fingerprint: string;
  readonly language: string;
  readonly exception: string;
  /** Innermost frame first, those of own code where there are any. */
  readonly frames: readonly string[];
  readonly kind: LogChangeKind;
  readonly verdict: Verdict;
  readonly baseline: number;
  readonly incident: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly services: readonly string[];
  readonly example: RowReference;
  readonly sentence: string;
}

export interface StackComparison {
  readonly stacks: readonly StackChange[];
  /** Lines with a stack trace, and how many of them are in a text that was not read. */
  readonly lines: number;
  readonly unread: number;
  readonly sql: string;
}

/** All templates of the case's logs, compared. */
export interface LogComparison {
  /** Why nothing was compared; null where it was. */
  readonly skipped: string | null;
  readonly baseline: { readonly from: number; readonly to: number; readonly lines: number };
  readonly incident: { readonly from: number; readonly to: number; readonly lines: number };
  /** Width of the buckets of which the dispersion is told, µs. */
  readonly bucket: number;
  /** Changed ones first, strongest first. */
  readonly templates: readonly TemplateChange[];
  readonly services: readonly ServiceVolume[];
  /** What was left out or bounds the answer, in sentences. */
  readonly limits: readonly string[];
  readonly sql: string;
}

/** A point of a series; value null where there is nothing to tell. */
export interface LogPoint {
  /** µs UTC, start of the bucket. */
  readonly time: number;
  readonly value: number | null;
}
