import { HTMLSelect } from "@blueprintjs/core";
import { useState } from "react";
import { NumbersTable } from "./chart-frame.tsx";
import type { ChartLane, Range } from "./lane-geometry.ts";
import { laneNumbers } from "./lane-numbers.ts";

/** The visible data of one lane at a time as a table. */
export function LanesNumbers({
  lanes,
  range,
  zone,
}: {
  lanes: readonly ChartLane[];
  range: Range;
  zone: string;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const lane = lanes.find((l) => l.id === chosen) ?? lanes[0];
  if (lane === undefined) return null;
  return (
    <div className="iq-lanes-numbers">
      <HTMLSelect
        aria-label="Lane whose numbers are listed"
        value={lane.id}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
        }}
        options={lanes.map((l) => ({ value: l.id, label: l.title }))}
      />
      <NumbersTable title={lane.title} numbers={laneNumbers(lane, range, zone)} />
    </div>
  );
}
