import { Button, Checkbox, HTMLSelect } from "@blueprintjs/core";
import { useId, useState } from "react";
import {
  dimensionsForAttribution,
  metricName,
  metricsForAttribution,
} from "../../../../shared/analysis/attribution/attribution-metrics.ts";
import type { AttributionMetric } from "../../../../shared/model/attribution.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { TableChoice } from "../../../widgets/table-choice.tsx";

const RATIO = "ratio";

interface SegmentsChoiceProps {
  readonly tables: readonly TableMeta[];
  readonly table: TableMeta;
  readonly metric: AttributionMetric;
  /** Null: those that the table suggests. */
  readonly dimensions: readonly string[] | null;
  readonly onTable: (name: string) => void;
  readonly onMetric: (metric: AttributionMetric) => void;
  readonly onDimensions: (dimensions: readonly string[] | null) => void;
}

/** Which table, which metric, which columns to split by. */
export function SegmentsChoice(props: SegmentsChoiceProps) {
  const { tables, table, metric, onTable, onMetric } = props;
  const choices = metricsForAttribution(table);
  const same = (a: AttributionMetric, b: AttributionMetric): boolean =>
    JSON.stringify(a) === JSON.stringify(b);
  const at = choices.findIndex((c) => same(c.metric, metric));
  const numbers = table.columns.filter((c) => c.type === "double" || c.type === "bigint");
  return (
    <div className="iq-segments-choice">
      <TableChoice
        label="Table"
        names={tables.map((t) => t.name)}
        value={table.name}
        onChoose={onTable}
      />
      <label>
        <span className="iq-muted">Metric</span>
        <HTMLSelect
          value={at < 0 ? RATIO : String(at)}
          onChange={(e) => {
            const picked = choices[Number(e.currentTarget.value)]?.metric;
            const [a, b] = numbers;
            if (picked !== undefined) onMetric(picked);
            else if (a !== undefined) {
              onMetric({ kind: "ratio", numerator: a.name, denominator: (b ?? a).name });
            }
          }}
        >
          {choices.map((c, k) => (
            <option key={c.name} value={String(k)}>
              {c.name}
            </option>
          ))}
          {numbers.length > 1 && <option value={RATIO}>ratio of two columns…</option>}
        </HTMLSelect>
      </label>
      {at < 0 && metric.kind === "ratio" && (
        <RatioChoice metric={metric} columns={numbers.map((c) => c.name)} onMetric={onMetric} />
      )}
      <ColumnChoice key={metricName(metric, table)} {...props} />
    </div>
  );
}

interface RatioChoiceProps {
  readonly metric: Extract<AttributionMetric, { kind: "ratio" }>;
  readonly columns: readonly string[];
  readonly onMetric: (metric: AttributionMetric) => void;
}

function RatioChoice({ metric, columns, onMetric }: RatioChoiceProps) {
  return (
    <>
      {(["numerator", "denominator"] as const).map((part) => (
        <label key={part}>
          <span className="iq-muted">{part === "numerator" ? "Sum of" : "per sum of"}</span>
          <HTMLSelect
            value={metric[part]}
            options={[...columns]}
            onChange={(e) => {
              onMetric({ ...metric, [part]: e.currentTarget.value });
            }}
          />
        </label>
      ))}
    </>
  );
}

/** The columns to split by, behind a button that says how many. */
function ColumnChoice({ table, metric, dimensions, onDimensions }: SegmentsChoiceProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const offered = dimensionsForAttribution(table, metric);
  const all = [
    ...offered,
    ...table.columns
      .filter((c) => c.role !== "ignore" && c.role !== "entity" && c.name !== table.timeColumn)
      .map((c) => c.name)
      .filter((c) => !offered.includes(c)),
  ];
  const used = dimensions ?? offered;
  return (
    <>
      <Button
        variant="minimal"
        aria-expanded={open}
        aria-controls={id}
        endIcon={open ? "caret-up" : "caret-down"}
        text={
          dimensions === null
            ? `Split by ${String(offered.length)} columns`
            : `Split by ${String(used.length)} of ${String(all.length)} columns`
        }
        onClick={() => {
          setOpen(!open);
        }}
      />
      {open && (
        <fieldset id={id} className="iq-segments-columns">
          <legend className="iq-visually-hidden">Columns to split by</legend>
          {all.map((name) => (
            <Checkbox
              key={name}
              inline
              checked={used.includes(name)}
              label={name}
              onChange={(e) => {
                const next = e.currentTarget.checked
                  ? all.filter((c) => c === name || used.includes(c))
                  : used.filter((c) => c !== name);
                onDimensions(next);
              }}
            />
          ))}
          {dimensions !== null && (
            <Button
              size="small"
              text="As suggested"
              onClick={() => {
                onDimensions(null);
              }}
            />
          )}
        </fieldset>
      )}
    </>
  );
}
