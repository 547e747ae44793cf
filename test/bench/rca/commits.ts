import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareAll } from "../../../shared/analysis/compare-all.ts";
import { rankSuspects } from "../../../shared/analysis/rank-suspects.ts";
import { parseIso } from "../../../shared/base/time.ts";
import type { Suspect } from "../../../shared/model/suspect.ts";
import { createNodeEngine } from "../../support/node-engine.ts";
import { importTables } from "../truth/import-tables.ts";
import { firstPlaces, placeOf } from "./accuracy.ts";
import type { RcaCase } from "./cases.ts";

/** Which change is at fault, or none of those on record. */
export interface CommitResult {
  readonly name: string;
  /** 0-based place of the culprit (or of "none") among the changes and signs of something outside. */
  readonly place: number | null;
  /** The same for the rule that blames the last deployment before the alert. */
  readonly lastDeploy: number | null;
}

const NONE = "none";
/** All that a person would load beside the metrics; traces are left out. */
const FILES = [
  "metrics.csv",
  "logs.ndjson",
  "context/deploys.json",
  "context/commits.json",
  "context/flags.json",
];

interface Recorded {
  readonly timestamp: string;
  readonly commit_sha?: string;
  readonly sha?: string;
  readonly service?: string;
}

/** A case of RootCauseBench with everything that lies in its folder but the answer. */
export async function culpritOf(folder: string, one: RcaCase): Promise<CommitResult> {
  const at = (name: string) => join(folder, one.name, name);
  const files = FILES.filter((name) => existsSync(at(name))).map((name) => ({
    name: name.split("/").at(-1) ?? name,
    content: readFileSync(at(name)),
  }));
  const read = (name: string) =>
    existsSync(at(name)) ? (JSON.parse(readFileSync(at(name), "utf8")) as Recorded[]) : [];
  const truth = JSON.parse(readFileSync(at("ground_truth.json"), "utf8")) as {
    root_cause_commit: string | null;
  };
  const culprit = truth.root_cause_commit ?? NONE;
  const deploys = read("context/deploys.json");
  const recorded = [...deploys, ...read("context/commits.json")];
  const engine = await createNodeEngine();
  try {
    const tables = await importTables(engine, files);
    const comparison = await compareAll(engine, tables, one.windows);
    const { windows, symptom, dependencies } = one;
    const suspects = await rankSuspects(engine, {
      ...{ comparison, tables, windows, symptom, dependencies },
    });
    const answers = firstPlaces(suspects.flatMap((s) => answerOf(s, recorded) ?? []));
    const alert = one.windows.incident.from ?? 0;
    const last = deploys
      .filter((d) => (parseIso(d.timestamp) ?? Infinity) <= alert)
      .sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1))[0];
    const isCulprit = (answer: string) => answer === culprit;
    return {
      name: one.name,
      place: placeOf(answers, isCulprit),
      lastDeploy: placeOf([last?.commit_sha ?? NONE], isCulprit),
    };
  } finally {
    await engine.close();
  }
}

/** The commit of a change, "none" for a sign of something outside, null for what is neither. */
function answerOf(suspect: Suspect, recorded: readonly Recorded[]): string | null {
  if (suspect.kind === "template" && suspect.signals === undefined) return NONE;
  if (suspect.kind !== "event") return null;
  const own = recorded.find(
    (r) => parseIso(r.timestamp) === suspect.onset?.at && (r.service ?? null) === suspect.service,
  );
  // A flag that was switched is no commit: an answer, and a wrong one.
  return own?.commit_sha ?? own?.sha ?? suspect.name;
}
