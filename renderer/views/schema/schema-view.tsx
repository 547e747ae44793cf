import { Button } from "@blueprintjs/core";
import { useTables } from "../../data/queries.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { TableSchema } from "./table-schema.tsx";
import "./schema.css";

/** Tables and columns of the case: what each column is taken for, why, and one click to change it. */
export default function SchemaView() {
  const tables = useTables();
  const chosen = useView((s) => s.schemaTable);
  const select = useView((s) => s.selectTable);
  const show = useView((s) => s.show);
  const table = tables.find((t) => t.name === chosen) ?? tables[0];
  if (table === undefined) {
    return (
      <EmptyState
        title="No tables yet"
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
        Each file becomes rows of a table. Here you see what every column is taken for, why, and can
        change it; comparison and suspects follow.
      </EmptyState>
    );
  }
  return (
    <div className="iq-page iq-schema">
      <nav className="iq-schema-tables" aria-label="Tables">
        {tables.map((t) => (
          <button
            key={t.name}
            type="button"
            className="iq-schema-table"
            aria-current={t.name === table.name ? "true" : undefined}
            onClick={() => {
              select(t.name);
            }}
          >
            <span className="iq-schema-name iq-clip" title={t.name}>
              {t.name}
            </span>
            <span className="iq-muted">
              {count(t.rows, "row")} · {count(t.evidenceIds.length, "file")}
            </span>
          </button>
        ))}
      </nav>
      <TableSchema key={table.name} table={table} />
    </div>
  );
}
