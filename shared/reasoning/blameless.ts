/** A piece of wording that puts blame where a report should describe. */
export interface Advice {
  readonly start: number;
  readonly end: number;
  readonly found: string;
  readonly kind: "name" | "role" | "counterfactual" | "judgement" | "failing";
  readonly why: string;
  /** Neutral words for the span; null where only a question helps. */
  readonly offer: string | null;
}

interface Rule {
  readonly kind: Advice["kind"];
  readonly words: RegExp;
  readonly why: string;
  readonly offer: (found: string) => string | null;
}

const ROLES =
  "(?:on-?call(?:\\s+(?:engineer|person))?|engineers?|operators?|developers?|devs?|analysts?|data scientists?|admins?|administrators?|SREs?|DBAs?|managers?|leads?|interns?|contractors?|team(?:\\s+lead)?|reviewers?|author|colleague|employee|person|user|human|someone|somebody|nobody|they|he|she|we)";
const MACHINES =
  "(?:services?|jobs?|requests?|pods?|pipelines?|servers?|quer(?:y|ies)|containers?|nodes?|models?|builds?|deployments?|checks?|processes|process|tests?|health checks?|connections?|calls?|exports?|imports?|writes?|reads?|retries|uploads?|downloads?|instances?|clusters?|databases?|caches?|queues?|workers?|probes?|tasks?|steps?|scripts?|systems?|alerts?|monitors?|migrations?|backups?|replicas?|clients?|packets?|lookups?|transactions?|failovers?|rollbacks?|validations?|it|which|that)";

/** After whom a word of failing is about a machine. */
const AFTER_MACHINE = new RegExp(
  `(?<![\\w-])${MACHINES}(?:\\s+(?:had|has|have|then|also|first|often|again|repeatedly))*\\s*$`,
  "i",
);

const RULES: readonly Rule[] = [
  {
    kind: "counterfactual",
    words:
      /\b(?:should|could|would|ought to|must) (?:not )?have(?: been)?(?: \p{L}+(?:ed|en|n|t)\b)?|\bought to have\b|\bif only\b|\bhad (?:they|he|she|the team|we) only\b/giu,
    why: "It tells what did not happen. Say what did, and what made it look right at the time.",
    offer: (found) => (/not have/i.test(found) ? null : "did not, because"),
  },
  {
    kind: "failing",
    words:
      /\b(?:fail(?:ed|s|ing)? to|forg[oe]t(?:s|ten|ting)? to|neglect(?:ed|s|ing)?(?: to)?|omitted to|did(?: not|n[’']t) bother to|never bothered to|overlooked|missed(?= the (?:alert|warning|sign|page|error|check)))\b/giu,
    why: "It judges a person by the outcome. Say what was seen, and what the system showed.",
    offer: (found) =>
      /^(?:overlooked|missed)/i.test(found)
        ? "did not see"
        : /bother/i.test(found)
          ? "did not"
          : "did not",
  },
  {
    kind: "judgement",
    words:
      /\b(?:careless(?:ly|ness)?|sloppy|sloppily|incompeten(?:t|ce)|negligen(?:t|ce|tly)|lazy|lazily|reckless(?:ly)?|stupid(?:ly|ity)?|foolish(?:ly)?|irresponsibl[ey]|inattentive|inexcusabl[ey]|unprofessional(?:ly)?|dumb|clueless|blind(?:ly)?|simply ignored)\b/giu,
    why: "It judges. Describe the action and its conditions.",
    offer: () => null,
  },
  {
    kind: "judgement",
    words: /\b(?:human|operator|user|pilot) error\b/giu,
    why: "“Human error” is where questions begin: what in the system made this likely, and harmful?",
    offer: () => "an action that the system allowed",
  },
  {
    kind: "judgement",
    words:
      /\b(?:blam(?:e|ed|ing)|at fault|(?:his|her|their|your|our) fault|fault of|the culprit (?:is|was)|guilty)\b/giu,
    why: "It looks for who, not for how.",
    offer: () => null,
  },
  {
    kind: "judgement",
    words: /\b(?:obviously|clearly should|of course|common sense|just had to|only had to)\b/giu,
    why: "It was not obvious then: that is hindsight.",
    offer: () => null,
  },
  {
    kind: "role",
    words: new RegExp(
      `\\b(?:the |an? |our |one )?${ROLES}\\s+(?:\\p{L}+ly\\s+)?(?:broke|caused|ignored|misconfigured|messed up|screwed up|botched|mishandled|disregarded|bypassed|violated|mis(?:read|judged|typed|understood))\\b`,
      "giu",
    ),
    why: "A role stands as the cause. Say what was done, with what in view, and what made it possible.",
    offer: (found) => PASSIVES.find(([verb]) => verb.test(found))?.[1] ?? null,
  },
];

const PASSIVES: readonly (readonly [RegExp, string])[] = [
  [/ignored$/i, "no action followed on"],
  [/misconfigured$/i, "a wrong setting was accepted for"],
  [/bypassed$/i, "it was possible to bypass"],
  [/broke$/i, "a change broke"],
  [/caused$/i, "a change led to"],
];

/**
 * Wording that names persons, roles or judgements where a report should say
 * what happened and under which conditions, in the order of the text. Advice
 * only. What stands in quotation marks or between backticks is evidence and
 * is left alone; so is what machines failed to do.
 *
 * After Allspaw, "Blameless PostMortems and a Just Culture" (2012); Dekker, "The
 * Field Guide to Understanding 'Human Error'" (2014); Beyer et al., "Site
 * Reliability Engineering" (2016), ch. 15.
 *
 * @param names persons of the case; a name counts where it acts or is a cause.
 */
export function adviseWording(text: string, names: readonly string[]): Advice[] {
  const quoted = [...text.matchAll(/`[^`]*`|“[^”]*”|"[^"\n]*"|‘[^’]*’/g)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
  }));
  const found = [...RULES, ...names.flatMap(nameRules)].flatMap((rule) =>
    [...text.matchAll(rule.words)].flatMap((match): Advice[] => {
      const start = match.index;
      const end = start + match[0].length;
      if (quoted.some((q) => start >= q.from && end <= q.to)) return [];
      const before = text.slice(0, start);
      const excused =
        (rule.kind === "failing" || rule.kind === "counterfactual") && AFTER_MACHINE.test(before);
      if (excused) return [];
      const { kind, why } = rule;
      return [{ start, end, found: match[0], kind, why, offer: rule.offer(match[0]) }];
    }),
  );
  return withoutOverlap(found);
}

/** A person as the subject of what happened, or behind "because of". */
function nameRules(name: string): Rule[] {
  const trimmed = name.trim();
  if (trimmed.length < 2) return [];
  const literal = trimmed.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return [
    {
      kind: "name",
      words: new RegExp(
        `(?:\\b(?:because of|due to|thanks to|by)\\s+)?(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])(?:[’']s\\b)?`,
        "giu",
      ),
      why: "A name makes a person the cause. Say the role, and what was done.",
      offer: (found) =>
        /^(?:because of|due to|thanks to|by)/i.test(found) ? null : "the person on duty",
    },
  ];
}

function withoutOverlap(found: readonly Advice[]): Advice[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Advice[] = [];
  for (const advice of sorted) {
    if (advice.start >= (kept.at(-1)?.end ?? 0)) kept.push(advice);
  }
  return kept;
}

/** The text with the offered words in the place of what was found. */
export function withOffer(text: string, { start, end, offer }: Advice): string {
  if (offer === null) return text;
  const found = text.slice(start, end);
  const capital = /^\p{Lu}/u.test(found) && /(?:^|[.!?]\s+)$/.test(text.slice(0, start));
  const words = capital ? offer.charAt(0).toUpperCase() + offer.slice(1) : offer;
  return text.slice(0, start) + words + text.slice(end);
}
