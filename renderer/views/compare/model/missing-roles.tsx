import { Button } from "@blueprintjs/core";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { useView } from "../../../state/view-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";

/** Which roles a model needs, and where to give them. */
export function MissingRoles({ tables }: { tables: readonly TableMeta[] }) {
  const select = useView((s) => s.selectTable);
  const show = useView((s) => s.show);
  const own = tables.filter((t) => t.target === "own");
  const table = own.reduce<TableMeta | undefined>(
    (most, t) => (most === undefined || t.columns.length > most.columns.length ? t : most),
    undefined,
  );
  if (table === undefined) {
    return (
      <EmptyState
        nested
        title="No table holds predictions"
        action={
          <Button
            intent="primary"
            text="Add evidence"
            onClick={() => {
              show("evidence");
            }}
          />
        }
      >
        A model is checked on a table with one row a prediction: CSV, Parquet, Arrow or JSON lines
        with a score or predicted value, the label where it is known, and the time.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      nested
      title="No column is a prediction, a score or a label"
      action={
        <Button
          intent="primary"
          text={`Set roles of ${table.name}`}
          onClick={() => {
            select(table.name);
            show("schema");
          }}
        />
      }
    >
      In the Schema view give one column of the table with the model’s answers the role{" "}
      <strong>prediction</strong> (the predicted class or value) or <strong>score</strong> (a
      probability), and the column with what really happened the role <strong>label</strong>.
      Optional: <strong>segment</strong>, <strong>model version</strong>, <strong>weight</strong>.
      Without a label, performance is estimated from scores where the baseline has labels.
    </EmptyState>
  );
}
