import { timeWithZone } from "../format.ts";
import type { Band, Range } from "./lane-geometry.ts";
import { GUTTER } from "./lanes-option.ts";
import type { TimeTick } from "./time-axis.ts";

interface TimeStripProps {
  readonly ticks: readonly TimeTick[];
  readonly bands: readonly Band[];
  readonly range: Range;
  readonly width: number;
  readonly zone: string;
  readonly cursor: { readonly x: number; readonly at: number } | null;
}

/** The time axis above the lanes: zone, labels, names of the windows, time at the cursor. It stays while lanes scroll. */
export function TimeStrip({ ticks, bands, range, width, zone, cursor }: TimeStripProps) {
  const x = (at: number) => ((at - range.from) / (range.to - range.from)) * width;
  const visible = bands.filter((band) => band.to > range.from && band.from < range.to);
  return (
    <div className="iq-strip" style={{ paddingLeft: GUTTER }}>
      <div className="iq-strip-bands" style={{ width }}>
        {visible.map((band) => {
          const left = Math.max(0, x(band.from));
          const right = Math.min(width, x(band.to));
          return (
            <div
              key={band.which}
              className={`iq-strip-band iq-strip-band-${band.which}`}
              style={{ left, width: Math.max(2, right - left) }}
              data-band={band.which}
            >
              {right - left > 62 ? (band.which === "baseline" ? "Baseline" : "Incident") : ""}
            </div>
          );
        })}
      </div>
      <div className="iq-strip-zone iq-clip" title={zone} style={{ width: GUTTER - 8 }}>
        {shortZone(zone, range.from)}
      </div>
      <div className="iq-strip-ticks" style={{ width }} aria-hidden="true">
        {ticks.map((tick) => {
          const left = x(tick.at);
          if (left > width - 14) return null;
          return (
            <span
              key={tick.at}
              className={tick.major ? "iq-tick iq-tick-major" : "iq-tick"}
              style={{ left }}
            >
              {tick.label}
            </span>
          );
        })}
        {cursor !== null && (
          <span
            className="iq-strip-cursor"
            style={cursor.x > width / 2 ? { right: width - cursor.x } : { left: cursor.x }}
          >
            {timeWithZone(cursor.at, zone)}
          </span>
        )}
      </div>
    </div>
  );
}

/** `UTC`, `CEST`, `+5:30`: the zone's short name at that time. */
function shortZone(zone: string, micros: number): string {
  if (zone === "UTC") return "UTC";
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    timeZoneName: "short",
  }).formatToParts(micros / 1000);
  const name = parts.find((p) => p.type === "timeZoneName")?.value ?? zone;
  // The gutter is narrow.
  return name.replace(/^GMT(?=.)/, "");
}
