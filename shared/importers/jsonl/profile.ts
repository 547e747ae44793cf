import { detectTimeLayout, type DetectedTime } from "../times.ts";
import { levelOfWord } from "../text-log/levels.ts";
import { Key, Kind, ObjectScanner, stringOf } from "./scan.ts";
import { rankOf, type Part } from "./keys.ts";

/** What the sample says about one key, nested keys with dots. */
export interface KeyProfile {
  readonly path: string;
  /** Objects that have it, other than null. */
  filled: number;
  readonly kinds: Set<Kind>;
  /** First values as text. */
  readonly texts: string[];
  readonly distinct: Set<string>;
  /** Numbers that are not whole. */
  fractions: number;
  min: number;
  max: number;
}

export interface Profile {
  readonly objects: number;
  /** By path, in order of appearance. */
  readonly keys: ReadonlyMap<string, KeyProfile>;
  /** Keys of the outermost objects. */
  readonly top: readonly string[];
}

const TEXTS = 1000;

/** Profiles the objects of a sample; documents that are no objects are left out. */
export function profileSample(documents: readonly Uint8Array[]): Profile {
  const keys = new Map<string, KeyProfile>();
  const root = new Key("", "");
  const top: string[] = [];
  let bytes = new Uint8Array(0);
  let values: (() => void)[] = [];
  const scanner = new ObjectScanner(
    root,
    (key) => {
      key.opens = true;
      if (root.children.has(key.path)) top.push(key.path);
    },
    (key, kind, start, end) => {
      const document = bytes;
      values.push(() => {
        addValue(keys, key.path, kind, stringOf(document, kind, start, end));
      });
    },
  );
  let objects = 0;
  for (const document of documents) {
    bytes = document as Uint8Array<ArrayBuffer>;
    values = [];
    if (!scanner.read(document, 0, document.length)) continue;
    objects++;
    for (const add of values) add();
  }
  return { objects, keys, top };
}

function addValue(keys: Map<string, KeyProfile>, path: string, kind: Kind, text: string): void {
  let profile = keys.get(path);
  if (profile === undefined) {
    profile = {
      path,
      filled: 0,
      kinds: new Set(),
      texts: [],
      distinct: new Set(),
      fractions: 0,
      min: Infinity,
      max: -Infinity,
    };
    keys.set(path, profile);
  }
  if (kind === Kind.Null) return;
  profile.filled++;
  profile.kinds.add(kind === Kind.Escaped ? Kind.String : kind);
  if (profile.texts.length < TEXTS) profile.texts.push(text);
  if (profile.distinct.size < 2000) profile.distinct.add(text);
  if (kind !== Kind.Number) return;
  const value = Number(text);
  if (!/^-?\d+$/.test(text)) profile.fractions++;
  profile.min = Math.min(profile.min, value);
  profile.max = Math.max(profile.max, value);
}

/** The time of a key's values, where all that were sampled are times. */
export function timeOf(profile: KeyProfile): DetectedTime | null {
  const texts = profile.texts.filter((text) => text !== "");
  const plain = [...profile.kinds].every((kind) => kind === Kind.String || kind === Kind.Number);
  return plain && texts.length > 0 ? detectTimeLayout(texts) : null;
}

/** Share of the values that have to be times in a key that is named like one. */
const MOSTLY = 0.8;

/** As `timeOf`, where some values may be written in another way, or be no times. */
export function mostlyTimeOf(profile: KeyProfile): DetectedTime | null {
  const all = timeOf(profile);
  if (all !== null) return all;
  const found = profile.texts.slice(0, 100).map((text) => detectTimeLayout([text]));
  const times = found.filter((time) => time !== null);
  return times.length > 0 && times.length >= found.length * MOSTLY ? (times[0] ?? null) : null;
}

/** The target that the keys of the sample point to. */
export function targetOf(profile: Profile): "logs" | "metrics" | "events" | "own" {
  const time = bestKey(profile, "time", (key) => mostlyTimeOf(key) !== null);
  if (time === null) return "own";
  const isText = (key: KeyProfile): boolean => key.kinds.has(Kind.String);
  const message = bestKey(profile, "message", isText);
  const value = bestKey(profile, "value", (key) => only(key, Kind.Number, Kind.NonFinite));
  const few = profile.keys.size <= 12;
  if (
    value !== null &&
    message === null &&
    (bestKey(profile, "name", isText) !== null || profile.keys.size <= 4)
  )
    return "metrics";
  const level = bestKey(profile, "level", (key) =>
    key.texts.some((text) => levelOfWord(text) !== null),
  );
  const kind = bestKey(profile, "kind", isText);
  const title = bestKey(profile, "title", isText);
  // `event` names a message in structlog and a kind elsewhere; a message without a level may be a title.
  const sure = message !== null && message.path.toLowerCase() !== "event";
  if (message !== null && level !== null) return "logs";
  if (kind !== null && few && (!sure || kind.distinct.size <= 30) && !hasStream(profile))
    return "events";
  if (kindOf(profile) !== null && few) return "events";
  if (message !== null) return "logs";
  return title !== null && few ? "events" : "own";
}

/** Kind of the events that keys without a kind of their own describe: changes that people make. */
export function kindOf(profile: Profile): string | null {
  const has = (...paths: readonly string[]): boolean =>
    paths.some((path) => profile.keys.has(path));
  if (has("sha", "commit") && has("message", "author")) return "commit";
  if (has("flag", "flag_name", "flag_key")) return "flag";
  if (has("commit_sha", "deploy_id", "deployment", "release") || (has("version") && has("service")))
    return "deployment";
  return null;
}

/** docker's `{"log","stream","time"}` has neither level nor kind. */
function hasStream(profile: Profile): boolean {
  return profile.keys.has("stream") && profile.keys.has("log");
}

/** The preferred key of a part among those that pass. */
export function bestKey(
  profile: Profile,
  part: Part,
  passes: (key: KeyProfile) => boolean,
): KeyProfile | null {
  let best: KeyProfile | null = null;
  let bestRank = Infinity;
  for (const key of profile.keys.values()) {
    const rank = rankOf(part, key.path);
    if (rank < 0 || rank >= bestRank || key.filled === 0 || !passes(key)) continue;
    best = key;
    bestRank = rank;
  }
  return best;
}

function only(key: KeyProfile, ...kinds: readonly Kind[]): boolean {
  return [...key.kinds].every((kind) => kinds.includes(kind));
}
