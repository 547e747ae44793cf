import type { Instants } from "../json-fields.ts";
import { zoneAt } from "../text-log/zones.ts";

const encoder = new TextEncoder();

/** Reads `_time` as Splunk writes it: ISO 8601, an epoch, or with the name of a zone (`… 14:54:45.000 EST`). */
export class SplunkTimes {
  /** Names of zones with several meanings, such as IST. */
  readonly unknownZones = new Set<string>();

  constructor(
    readonly instants: Instants,
    /** Whether the person said which zone is meant. */
    readonly chosen: boolean,
  ) {}

  /** µs UTC, or null where the value is no instant. */
  read(value: unknown): number | null {
    if (typeof value !== "string") return this.instants.read(value);
    const text = value.trim();
    const [, time = "", name = ""] = /^(\d.*\d) ([A-Z]{2,5})$/.exec(text) ?? [];
    if (name === "" || name === "UTC" || name === "GMT" || name === "AM" || name === "PM")
      return this.instants.read(text);
    const bytes = encoder.encode(name);
    const zone = zoneAt(bytes, 0, bytes.length);
    if (zone !== null) {
      const { offset } = zone;
      const micros = this.instants.read(`${time} UTC`);
      return micros === null ? null : micros - offset;
    }
    if (this.chosen) return this.instants.read(time);
    this.unknownZones.add(name);
    return null;
  }
}
