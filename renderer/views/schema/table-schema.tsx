import { HTMLSelect, NonIdealState, Spinner } from "@blueprintjs/core";
import type {
  ColumnDescription,
  MetricDescription,
  TableDescription,
} from "../../../shared/analysis/describe-table.ts";
import type { UnitGuess } from "../../../shared/analysis/units.ts";
import { Role } from "../../../shared/model/role.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import { useAnalysis } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { count, integer, number, time, timeWithZone } from "../../widgets/format.ts";
import { UnitField } from "./unit-field.tsx";

type Column = TableMeta["columns"][number];

/** One table: its columns with role, reason, unit and content. */
export function TableSchema({ table }: { table: TableMeta }) {
  const zone = useView((s) => s.timezone);
  const described = useAnalysis("describeTable", { table: contentOnly(table) });
  const facts = described.data ?? null;
  return (
    <section className="iq-schema-detail" aria-label={`Table ${table.name}`}>
      <div className="iq-page-head">
        <h1>{table.name}</h1>
        <span className="iq-muted">
          {count(table.rows, "row")} from {filesText(table.evidenceIds)}
          {table.from !== null &&
            ` · ${timeWithZone(table.from, zone)} to ${timeWithZone(table.to, zone)}`}
        </span>
        {described.isPending && <Spinner size={14} aria-label="Reading the columns" />}
      </div>
      {described.isError && (
        <p className="iq-error" role="alert">
          The columns could not be read: {described.error.message}
        </p>
      )}
      {table.target !== "own" && (
        <p className="iq-muted iq-schema-fixed">
          Rows of many files meet in <strong>{table.name}</strong>: what its columns mean is fixed.
        </p>
      )}
      <ColumnsTable table={table} facts={facts} />
      {table.target === "metrics" && facts !== null && <Metrics metrics={facts.metrics} />}
    </section>
  );
}

function ColumnsTable({ table, facts }: { table: TableMeta; facts: TableDescription | null }) {
  const byName = new Map(facts?.columns.map((c) => [c.name, c]));
  return (
    <table className="iq-table iq-schema-columns" aria-label={`Columns of ${table.name}`}>
      <thead>
        <tr>
          <th>Column</th>
          <th>Type</th>
          <th>Role</th>
          <th>Why</th>
          <th>Unit</th>
          <th className="iq-num">Filled</th>
          <th className="iq-num">Different</th>
          <th>Content</th>
        </tr>
      </thead>
      <tbody>
        {table.columns.map((column) => (
          <ColumnRow
            key={column.name}
            table={table}
            column={column}
            rows={facts?.rows ?? 0}
            fact={byName.get(column.name) ?? null}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly table: TableMeta;
  readonly column: Column;
  readonly rows: number;
  readonly fact: ColumnDescription | null;
}

function ColumnRow({ table, column, rows, fact }: RowProps) {
  const zone = useView((s) => s.timezone);
  const append = useCase((s) => s.append);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const editable = table.target === "own" && !readOnly;
  const set = (said: { role?: Role; unit?: string }) =>
    void append({
      type: "schema/column-set",
      data: { table: table.name, column: column.name, ...said },
    });
  const why = column.reason ?? (table.target === "own" ? "" : "fixed");
  return (
    <tr>
      <td className="iq-schema-name">{column.name}</td>
      <td className="iq-muted">{column.type}</td>
      <td>
        {editable ? (
          <HTMLSelect
            className="iq-compact-select"
            aria-label={`Role of ${column.name}`}
            value={column.role}
            options={Role.options.map((r) => ({ value: r, label: r.replace("_", " ") }))}
            onChange={(e) => {
              set({ role: Role.parse(e.currentTarget.value) });
            }}
          />
        ) : (
          column.role.replace("_", " ")
        )}
      </td>
      <td className="iq-muted iq-schema-why" title={why}>
        {why}
      </td>
      <td>
        {editable && isNumeric(column) ? (
          <UnitField
            column={column.name}
            unit={column.unit ?? ""}
            guess={fact?.unit ?? null}
            onChange={(unit) => {
              set({ unit });
            }}
          />
        ) : (
          (column.unit ?? "")
        )}
      </td>
      <td className="iq-num">{fact === null || rows === 0 ? "" : percent(fact.filled / rows)}</td>
      <td className="iq-num">{fact === null ? "" : integer(fact.distinct)}</td>
      <td className="iq-schema-content">{fact === null ? "" : contentOf(column, fact, zone)}</td>
    </tr>
  );
}

function isNumeric({ type }: Column): boolean {
  return type === "double" || type === "bigint";
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return "<0.1 %";
  // 99.97 % filled is not filled.
  if (share < 1 && share > 0.999) return ">99.9 %";
  return `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`;
}

/** What the description depends on: a role that is changed changes nothing in the content. */
function contentOnly(table: TableMeta): TableMeta {
  return {
    ...table,
    columns: table.columns.map(({ name, type }) => ({ name, type, role: "feature" })),
  };
}

/** `E7, E8`, or how many where they are many. */
function filesText(ids: readonly string[]): string {
  return ids.length <= 6
    ? ids.join(", ")
    : `${integer(ids.length)} files (${ids[0] ?? ""} to ${ids.at(-1) ?? ""})`;
}

function contentOf(
  { type }: Column,
  { min, max, examples }: ColumnDescription,
  zone: string,
): string {
  if (type === "timestamp") return min === null ? "" : `${time(min, zone)} to ${time(max, zone)}`;
  if (min !== null && max !== null) return `${number(min)} to ${number(max)}`;
  return examples.join(", ");
}

function Metrics({ metrics }: { metrics: readonly MetricDescription[] }) {
  if (metrics.length === 0) return <NonIdealState title="No metrics" />;
  return (
    <>
      <h2>Measurements</h2>
      <table className="iq-table iq-schema-columns" aria-label="Measurements">
        <thead>
          <tr>
            <th>Name</th>
            <th>Unit</th>
            <th className="iq-num">Series</th>
            <th className="iq-num">Services</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((m) => (
            <tr key={`${m.name}/${m.unit ?? ""}`}>
              <td className="iq-schema-name">{m.name}</td>
              <td>{m.unit ?? <Guess guess={m.guess} />}</td>
              <td className="iq-num">{integer(m.series)}</td>
              <td className="iq-num">{integer(m.services)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** A unit that nothing states. */
function Guess({ guess }: { guess: UnitGuess | null }) {
  if (guess === null) return <span className="iq-muted">not stated</span>;
  return (
    <span className="iq-muted" title={`Guessed: ${guess.reason}`}>
      probably {guess.unit}
    </span>
  );
}
