/**
 * What a series says about the service it was measured at: the golden signals
 * of site reliability engineering (Beyer et al. 2016, chapter 6), with
 * saturation and everything else as `resource`.
 */
export type SignalKind = "latency" | "error" | "traffic" | "resource";

/** The first match counts; words are parts of a name, between any marks. */
const WORDS: readonly (readonly [RegExp, SignalKind])[] = [
  [
    /error|fail|avail|success|exception|fault|timeout|reject|drop|restart|crash|oom|[45]xx|status_?code/iu,
    "error",
  ],
  [
    /laten|duration|response_?time|elapsed|delay|lag\b|wait|(?:^|[^a-z0-9])(?:rt|ttfb|p\d\d+)(?:[^a-z0-9]|$)/iu,
    "latency",
  ],
  [
    /request|rps|qps|tps|ops|workload|throughput|traffic|calls|per_?sec|receive|transmit|bytes|packets|syscall|count/iu,
    "traffic",
  ],
];

/** The kind of a series by its name. */
export function signalKind(name: string): SignalKind {
  return WORDS.find(([words]) => words.test(name))?.[1] ?? "resource";
}
