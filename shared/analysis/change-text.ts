import type { CaseEvent } from "./suspect-checks.ts";

/** What is known of a change beside its time. */
export interface ChangeFacts {
  /** A commit that no deployment names, where there are deployments that name theirs. */
  readonly isUndeployed: boolean;
  /** By what it says and touches: documentation, tests, formatting. */
  readonly isHarmless: boolean;
  /** How much its words are those of what moved, against the other changes: 0 nothing, 1 most. */
  readonly relevance: number;
  /** The words that it shares with what moved, the most telling first. */
  readonly shared: readonly string[];
}

const SHA = /\b[0-9a-f]{7,40}\b/gu;
/** Kinds of commits, by the convention of naming them, that change no behaviour. */
const HARMLESS_KIND =
  /^(?:docs?|tests?|ci|style|typo)(?:\([^)]*\))?!?:|\b(?:typo|readme|changelog)\b/iu;
const HARMLESS_PATH =
  /(?:\.(?:md|rst|txt|adoc|css|scss|svg|png)$|(?:^|\/)(?:docs?|tests?|__tests__|testdata|\.github)\/|[._]test\.\w+$|_spec\.\w+$)/iu;
const PATH = /[\w.@-]+(?:\/[\w.@-]+)+|\b[\w-]+\.(?:md|rst|css|txt)\b/gu;

/** Words that every change and every metric has. */
const COMMON = new Set(
  "the and for with from that this not are was has have into out per all new get set add use func return err nil null true false var let const self def import package string int count total ratio rate service services metric value http server client error errors request requests response status commit_sha sha author files_changed diff message version".split(
    " ",
  ),
);
/** Words shared with what moved that are named at most. */
const MOST_SHARED = 4;

/**
 * Commits joined with the deployments that carry them: one change, which acts when it
 * is deployed. Commits that none carries stay for themselves.
 */
export function withCommits(events: readonly CaseEvent[]): CaseEvent[] {
  const bySha = new Map(
    events.filter(isCommit).flatMap((c) => shasOf(c).map((sha) => [sha, c] as const)),
  );
  const carried = new Set<CaseEvent>();
  const joined = events.map((event) => {
    const commits = isCommit(event) ? [] : shasOf(event).flatMap((sha) => bySha.get(sha) ?? []);
    if (commits.length === 0) return event;
    for (const commit of commits) carried.add(commit);
    const texts = commits.map((c) => `${c.title}\n${c.text ?? ""}`);
    return {
      ...event,
      change: commits.map((c) => c.title).join("; "),
      text: [event.text ?? "", ...texts].join("\n"),
    };
  });
  return joined.filter((event) => !carried.has(event));
}

function isCommit({ kind }: CaseEvent): boolean {
  return kind === "commit";
}

/** A commit is named by its first hash; a deployment may name several. */
function shasOf(event: CaseEvent): string[] {
  const found = (event.text ?? "").match(SHA) ?? [];
  const full = found.filter((sha) => /\d/u.test(sha)).map((sha) => sha.slice(0, 12));
  return isCommit(event) ? full.slice(0, 1) : full;
}

/**
 * What speaks from the words of changes. Words count more the fewer changes have
 * them (inverse document frequency); what moved gives its words by the names of
 * series and the messages of errors.
 * @param moved texts of what moved: names of series, log messages
 * @param names of services: that a change is of a service is judged by that, not by words
 */
export function changeFacts(
  events: readonly CaseEvent[],
  moved: readonly string[],
  names: readonly string[] = [],
): Map<CaseEvent, ChangeFacts> {
  const deployed = new Set(events.filter((e) => !isCommit(e)).flatMap(shasOf));
  const words = new Map(events.map((e) => [e, wordsOf(`${e.title}\n${e.text ?? ""}`)]));
  const frequency = new Map<string, number>();
  for (const own of words.values())
    for (const word of own) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const symptom = new Set(moved.flatMap((text) => [...wordsOf(text)]));
  for (const word of names.flatMap((name) => [...wordsOf(name)])) symptom.delete(word);
  const weight = (word: string) => Math.log(1 + events.length / (frequency.get(word) ?? 1));
  const scored = events.map((event) => {
    const shared = [...(words.get(event) ?? [])]
      .filter((word) => symptom.has(word))
      .sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1));
    // Long texts share more words by chance.
    const size = Math.sqrt(20 + (words.get(event)?.size ?? 0));
    return { event, shared, sum: shared.reduce((s, word) => s + weight(word), 0) / size };
  });
  const most = Math.max(1e-9, ...scored.map((s) => s.sum));
  return new Map(
    scored.map(({ event, shared, sum }) => [
      event,
      {
        isUndeployed:
          isCommit(event) && deployed.size > 0 && !shasOf(event).some((sha) => deployed.has(sha)),
        isHarmless: isHarmless(event),
        relevance: sum / most,
        shared: shared.slice(0, MOST_SHARED),
      },
    ]),
  );
}

function isHarmless(event: CaseEvent): boolean {
  if (HARMLESS_KIND.test(event.change ?? event.title)) return true;
  const paths = (event.text ?? "").match(PATH)?.filter((p) => /\.\w{1,5}$/u.test(p)) ?? [];
  return paths.length > 0 && paths.every((path) => HARMLESS_PATH.test(path));
}

function wordsOf(text: string): Set<string> {
  const parts = text
    .replace(SHA, " ")
    .replace(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/u);
  return new Set(parts.filter((word) => word.length > 2 && !COMMON.has(word)).map(stem));
}

/** Plurals and the commonest endings are the same word. */
function stem(word: string): string {
  return word.replace(/(?:ies|es|s|ing|ed)$/u, (end) => (word.length - end.length >= 3 ? "" : end));
}
