import { Button } from "@blueprintjs/core";
import { useState } from "react";
import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type { GroupChecks, MetricName } from "../../../../shared/model/model-checks.ts";
import { integer } from "../../../widgets/format.ts";
import { MetricCells, MetricHead } from "./metric-table.tsx";

interface GroupsTableProps {
  readonly title: string;
  readonly groups: readonly GroupChecks[];
  readonly metric: MetricName | null;
}

const FIRST = 12;

/** One metric in each value of the segment and version columns, the largest losses first. */
export function GroupsTable({ title, groups, metric }: GroupsTableProps) {
  const [all, setAll] = useState(false);
  if (metric === null || groups.length === 0) return null;
  const rows = groups
    .flatMap((group) => {
      const change = group.metrics.find((m) => m.metric === metric);
      return change === undefined ? [] : [{ group, change }];
    })
    .sort((a, b) => weight(b.change) - weight(a.change));
  if (rows.length === 0) return null;
  const { label } = METRIC_RULES[metric];
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <section aria-label={title}>
      <h3>
        {title}: {label}
      </h3>
      <table className="iq-table iq-model-metrics" aria-label={`${title}: ${label}`}>
        <MetricHead name="Rows with" baseline="Baseline" incident="Incident" />
        <tbody>
          {shown.map(({ group, change }) => (
            <tr key={`${group.column}/${group.value}`}>
              <th scope="row">
                {group.column} = {group.value}
                <span className="iq-model-interval">
                  {integer(group.baseline.labelled)} and {integer(group.incident.labelled)} labelled
                  rows
                </span>
              </th>
              <MetricCells change={change} />
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && (
        <Button
          size="small"
          variant="minimal"
          text={all ? "Show the first ones" : `Show all ${integer(rows.length)}`}
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </section>
  );
}

/** Verdicts first, then the size of the change. */
function weight({ verdict, change }: GroupChecks["metrics"][number]): number {
  const order = { major: 2e6, minor: 1e6, none: 0 }[verdict];
  return order + Math.abs(change?.value ?? -1);
}
