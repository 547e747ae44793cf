/**
 * Scores of mined templates against the truth, by the definitions of Loghub-2.0
 * (Jiang et al., A Large-Scale Evaluation for Log Parsing Techniques, ISSTA 2024;
 * https://github.com/logpai/loghub-2.0).
 */
export interface TemplateScores {
  /** Share of lines whose group is exactly that of the truth. */
  readonly GA: number;
  /** Harmonic mean of precision and recall of exact groups. */
  readonly FGA: number;
  /** Share of lines whose template reads as in the truth. */
  readonly PA: number;
  /** Harmonic mean of precision and recall of templates with exact text over one true group. */
  readonly FTA: number;
}

/** `truth` and `found`: the template of each line, in the order of the lines. */
export function scoreTemplates(truth: readonly string[], found: readonly string[]): TemplateScores {
  const truths = linesBy(truth);
  const groups = linesBy(found);
  let exactLines = 0;
  let exactGroups = 0;
  for (const lines of truths.values()) {
    const group = groups.get(found[lines[0] ?? 0] ?? "");
    if (group?.length !== lines.length || group.some((line, i) => line !== lines[i])) continue;
    exactLines += lines.length;
    exactGroups++;
  }
  const wanted = truth.map(normaliseTemplate);
  const read = found.map(normaliseTemplate);
  return {
    GA: exactLines / truth.length,
    FGA: (2 * exactGroups) / (truths.size + groups.size),
    PA: read.filter((text, line) => text === wanted[line]).length / truth.length,
    FTA: scoreTexts(wanted, read),
  };
}

function scoreTexts(wanted: readonly string[], read: readonly string[]): number {
  const groups = linesBy(read);
  let right = 0;
  for (const [text, lines] of groups) if (lines.every((line) => wanted[line] === text)) right++;
  return (2 * right) / (new Set(wanted).size + groups.size);
}

/** Share of lines whose template is that of the truth to the letter, blanks apart. */
export function scoreStrictly(truth: readonly string[], found: readonly string[]): number {
  const single = (text: string): string => text.trim().replace(/\s+/g, " ");
  return (
    truth.filter((text, line) => single(text) === single(found[line] ?? "")).length / truth.length
  );
}

function linesBy(texts: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  texts.forEach((text, line) => {
    const lines = groups.get(text);
    if (lines === undefined) groups.set(text, [line]);
    else lines.push(line);
  });
  return groups;
}

const DELIMITERS = /([\s,!;:=|"'[\](){}.\-+@#$%&])/;

/** Neighbouring wildcards that Loghub-2.0 counts as one, in its order. */
const ONE_WILDCARD: readonly (readonly [string, string])[] = [
  ["<*>.<*>", "<*>"],
  ["<*><*>", "<*>"],
  [" #<*># ", " <*> "],
  [" #<*> ", " <*> "],
  ["<*>:<*>", "<*>"],
  ["<*>#<*>", "<*>"],
  ["<*>/<*>", "<*>"],
  ["<*>@<*>", "<*>"],
  ["<*>.<*>", "<*>"],
  [' "<*>" ', " <*> "],
  [" '<*>' ", " <*> "],
  ["<*><*>", "<*>"],
];

/**
 * A template as Loghub-2.0's `post_process.py` rewrites it: single blanks, digits
 * and words with a wildcard in them as wildcards, wildcards side by side as one.
 */
export function normaliseTemplate(template: string): string {
  let text = template.trim().replace(/\s+/g, " ").split(DELIMITERS).map(normaliseToken).join("");
  for (const [from, to] of ONE_WILDCARD) {
    while (text.includes(from)) text = text.replaceAll(from, to);
  }
  return text;
}

function normaliseToken(token: string): string {
  if (/^\d+$/.test(token)) return "<*>";
  return /^[^\s/]*<\*>[^\s/]*$/.test(token) && token !== "<*>/<*>" ? "<*>" : token;
}
