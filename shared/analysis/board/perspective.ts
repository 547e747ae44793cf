import type { Perspective } from "../../model/board.ts";
import type { Layer } from "../../model/role.ts";
import type { ShiftKind } from "../../model/shift.ts";

/**
 * Changes of how data are made and handed on, whatever column they show in: what a
 * pipeline, an export or an agreement between teams is asked about.
 */
const MADE_OTHERWISE: ReadonlySet<ShiftKind> = new Set<ShiftKind>([
  ...(["re_encoding", "renamed", "retyped", "constant", "cardinality", "duplicates"] as const),
  ...(["key_violation", "impossible_value", "freshness", "late_arrival", "gaps", "unit"] as const),
  ...(["default_flood", "truncation", "time_zone", "rule", "backfill", "leak", "stale"] as const),
  ...(["unmatched", "null_rate"] as const),
]);

/** Process where data are made otherwise; else platform for what serves, product for what is served. */
export function perspectiveOfShift(kind: ShiftKind, layer: Layer): Perspective {
  if (MADE_OTHERWISE.has(kind)) return "process";
  if (layer === "people") return "people";
  return layer === "infrastructure" || layer === "serving" ? "platform" : "product";
}

const BY_PROCESS =
  /deploy|release|roll|config|flag|migrat|schema|schedul|pipeline|cron|model|train|expectation|validation|commit|merge|change/iu;
const BY_PLATFORM =
  /alert|alarm|monitor|\bscal|autoscal|restart|node|pod|host|health|oom|evict|failover/iu;

/**
 * Of an event or a note by its kind: process for what changes a system by rule,
 * platform for what a system tells of itself, people for the rest: what somebody
 * noticed, did by hand or told others.
 */
export function perspectiveOfEvent(kind: string): Perspective {
  if (BY_PROCESS.test(kind)) return "process";
  return BY_PLATFORM.test(kind) ? "platform" : "people";
}

/** Layer of an event by its kind; people where nothing else fits. */
export function layerOfEvent(kind: string): Layer {
  if (/expectation|validation|data.?quality|freshness/iu.test(kind)) return "data";
  if (/model|train/iu.test(kind)) return "model";
  if (/node|pod|host|oom|evict|infra/iu.test(kind)) return "infrastructure";
  return /alert|alarm|monitor/iu.test(kind) ? "serving" : "people";
}
