import { HTMLSelect } from "@blueprintjs/core";
import { useMemo } from "react";
import { useComparison } from "../../data/comparison.ts";
import { useCase } from "../../state/case-store.ts";

/** What people noticed: suspects are things that moved before it. */
export function SymptomField() {
  const symptom = useCase((s) => s.state?.symptom ?? null);
  const append = useCase((s) => s.append);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const { data } = useComparison();
  const candidates = useMemo(
    () =>
      [
        ...new Set(
          (data?.tables ?? []).flatMap((t) =>
            t.columns.filter((c) => c.baseline.mean !== null).map((c) => c.column),
          ),
        ),
      ].sort(),
    [data],
  );
  return (
    <label className="iq-symptom">
      <span className="iq-muted">Symptom</span>
      <HTMLSelect
        value={symptom?.metric ?? ""}
        disabled={readOnly}
        onChange={(e) => {
          const metric = e.currentTarget.value;
          void append({
            type: "symptom/set",
            data: metric === "" ? null : { metric, direction: symptom?.direction ?? "down" },
          });
        }}
        options={[{ value: "", label: "not named" }, ...candidates]}
      />
      {symptom !== null && (
        <HTMLSelect
          aria-label="Direction of the symptom"
          value={symptom.direction}
          disabled={readOnly}
          onChange={(e) =>
            void append({
              type: "symptom/set",
              data: {
                metric: symptom.metric,
                direction: e.currentTarget.value === "up" ? "up" : "down",
              },
            })
          }
          options={[
            { value: "down", label: "went down" },
            { value: "up", label: "went up" },
          ]}
        />
      )}
    </label>
  );
}
