import type { SeriesIdentity } from "./series.ts";
import { identityOf } from "./series.ts";
import { isCount, shortUnit, unitOfMetric } from "./metric-unit.ts";
import { labelsOfHead } from "./sample-line.ts";

/** What comment lines say of a metric family. */
interface Family {
  type: string | null;
  help: string | null;
  unit: string | null;
}

const COMMENT = /^#\s*(HELP|TYPE|UNIT)\s+("(?:[^"\\]|\\.)*"|[a-zA-Z_:][\w:]*)(?:\s+(.*))?$/;
const SUFFIX = /_(?:total|sum|count|bucket|created|info|gsum|gcount)$/;
const MOST_FAMILIES = 20_000;
const MOST_HEADS = 100_000;
/** Characters of the note that lists families. */
const LISTED = 4000;

/** Families of a text file, and the series that its lines belong to. */
export class Families {
  readonly #families = new Map<string, Family>();
  readonly #heads = new Map<string, SeriesIdentity | null>();

  constructor(readonly nameless: string) {}

  /** Takes in a comment line; false where it says nothing of a family. */
  comment(text: string): boolean {
    const match = COMMENT.exec(text);
    if (match === null) return false;
    const [, keyword, written = "", said = ""] = match;
    const name = written.startsWith('"') ? written.slice(1, -1) : written;
    let family = this.#families.get(name);
    if (family === undefined) {
      if (this.#families.size >= MOST_FAMILIES) return true;
      family = { type: null, help: null, unit: null };
      this.#families.set(name, family);
    }
    if (keyword === "TYPE") family.type = said.trim();
    else if (keyword === "HELP") family.help = said.replaceAll("\\n", " ").trim();
    else {
      family.unit = said.trim();
      this.#heads.clear();
    }
    return true;
  }

  /** The series of a name with labels, or null where its labels cannot be read. */
  series(head: string): SeriesIdentity | null {
    const known = this.#heads.get(head);
    if (known !== undefined) return known;
    const labels = labelsOfHead(head);
    const identity = labels === null ? null : identityOf(labels, this.nameless);
    const whole = identity === null ? null : { ...identity, unit: this.#unitOf(identity.name) };
    if (this.#heads.size >= MOST_HEADS) this.#heads.clear();
    this.#heads.set(head, whole);
    return whole;
  }

  /** Names, types and descriptions in one text; null where nothing is described. */
  describe(): string | null {
    const texts = [...this.#families]
      .filter(([, family]) => family.help !== null && family.help !== "")
      .map(
        ([name, { type, help }]) => `${name}${type === null ? "" : ` (${type})`}: ${help ?? ""}`,
      );
    if (texts.length === 0) return null;
    let listed = "";
    let count = 0;
    for (const text of texts) {
      if (listed.length + text.length > LISTED) break;
      listed += `${listed === "" ? "" : "; "}${text}`;
      count++;
    }
    const rest = texts.length - count;
    return `Metrics: ${listed}${rest === 0 ? "" : `; and ${rest} more`}`;
  }

  #unitOf(name: string): string | null {
    const own = this.#families.get(name);
    const family = own ?? this.#families.get(name.replace(SUFFIX, ""));
    const stated = family?.unit ?? "";
    if (stated === "" || name.endsWith("_created")) return unitOfMetric(name);
    return own === undefined && isCount(name) ? null : shortUnit(stated);
  }
}
