import type { Attribution, AttributionCause, SegmentChange } from "../../model/attribution.ts";
import { formatNumber, formatShare, quoteValue } from "../sentences.ts";

type Told = Pick<
  Attribution,
  "name" | "unit" | "baseline" | "incident" | "change" | "changed" | "usualChange" | "searched"
>;

/** "`device` = `tv` and `country` = `DE`". */
export function whereText(where: SegmentChange["where"]): string {
  return where
    .map(({ column, value }) =>
      value === null ? `missing \`${column}\`` : `\`${column}\` = ${quoteValue(value)}`,
    )
    .join(" and ");
}

function value(v: number | null): string {
  return v === null ? "nothing" : formatNumber(v);
}

/** "0.31 → 0.22" with the unit. */
function fromTo({ baseline, incident, unit }: Told): string {
  return `${value(baseline.value)} → ${value(incident.value)}${unit === null ? "" : ` ${unit}`}`;
}

const noun = (change: number): string => (change < 0 ? "fall" : "rise");
const verb = (from: number | null, to: number | null): string =>
  (to ?? 0) < (from ?? 0) ? "fell" : "rose";

/** What one cause says, as a sentence without its period. */
export function causeSentence(told: Told, cause: Omit<AttributionCause, "sentence">): string {
  const { kind, segment, share, elsewhere } = cause;
  const { baseline: b, incident: i, where } = segment;
  const head = `the ${noun(told.change.value)} of ${told.name} (${fromTo(told)})`;
  if (kind === "everywhere") {
    const { columns } = told.searched;
    const over = columns.length === 0 ? "" : ` of ${columns.map((c) => `\`${c}\``).join(", ")}`;
    return told.changed
      ? `${upper(head)} is everywhere: it is alike in all segments${over}`
      : `${upper(told.name)} changed in all segments alike${over}`;
  }
  const what = detail(told.name, cause);
  if (share === null) {
    return `As a whole ${told.name} hardly changed (${fromTo(told)}), but ${what}`;
  }
  if (share < 0) return `Against ${head}: ${what}`;
  const amount =
    share > 1.005
      ? `More than the whole (${formatShare(share)}) of ${head}`
      : `${share >= 0.995 ? "All" : formatShare(share)} of ${head}`;
  if (kind === "mix") {
    const grew = i.share >= b.share;
    return `${amount} comes from a ${grew ? "larger" : "smaller"} share of ${whereText(where)}: ${what}`;
  }
  const rest =
    elsewhere.baseline === null && elsewhere.incident === null
      ? "there is nothing elsewhere"
      : `elsewhere ${value(elsewhere.baseline)} → ${value(elsewhere.incident)}`;
  return `${amount} comes from ${whereText(where)}: ${what}; ${rest}`;
}

function detail(
  name: string,
  { kind, segment, share, elsewhere }: Omit<AttributionCause, "sentence">,
): string {
  const { baseline: b, incident: i, where } = segment;
  // With a share, the sentence has already said where.
  const there = share === null || share < 0 ? `in ${whereText(where)} ` : "there ";
  switch (kind) {
    case "mix": {
      const own = formatNumber(((b.value ?? i.value ?? 0) + (i.value ?? b.value ?? 0)) / 2);
      const other = formatNumber(
        ((elsewhere.baseline ?? 0) + (elsewhere.incident ?? elsewhere.baseline ?? 0)) / 2,
      );
      const subject = share === null || share < 0 ? `${whereText(where)} is` : "it is";
      return `${subject} ${formatShare(i.share)} of the rows, before ${formatShare(b.share)}, and ${name} is ${own} in it against ${other} elsewhere`;
    }
    case "volume":
      return i.rows === 0
        ? `${there}there is nothing any more, before ${value(b.value)}`
        : b.rows === 0
          ? `${there}it is ${value(i.value)}, before nothing`
          : `${there}it ${verb(b.value, i.value)} from ${value(b.value)} to ${value(i.value)}`;
    case "rate":
    case "everywhere":
      return `${there}it ${verb(b.value, i.value)} from ${value(b.value)} to ${value(i.value)}, in ${formatShare((b.share + i.share) / 2)} of the rows`;
  }
}

function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The answer in one sentence or two. */
export function attributionSentence(
  told: Told,
  causes: readonly AttributionCause[],
  explained: number | null,
): string {
  const [first] = causes;
  if (first !== undefined) {
    const more =
      causes.length === 1 || explained === null
        ? ""
        : ` Together with ${causes
            .slice(1)
            .map((c) =>
              c.kind === "everywhere" ? "a change of all rows" : whereText(c.segment.where),
            )
            .join(
              " and ",
            )} it explains ${explained >= 0.995 ? "all of it" : formatShare(explained)}.`;
    return `${first.sentence}.${more}`;
  }
  if (told.changed) {
    return `The ${noun(told.change.value)} of ${told.name} (${fromTo(told)}) is not in a few segments: no combination of up to three columns stands out.`;
  }
  const { usualChange: usual, change } = told;
  const certain = change.low > 0 || change.high < 0;
  return usual !== null && usual > 0 && certain
    ? `${upper(told.name)} changed (${fromTo(told)}), but not by more than usual: the halves of the baseline differ by ${formatNumber(usual)} or more. There is nothing to attribute.`
    : `${upper(told.name)} did not change beyond chance (${fromTo(told)}): there is nothing to attribute.`;
}
