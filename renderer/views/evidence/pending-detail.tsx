import { Button, HTMLSelect } from "@blueprintjs/core";
import { cancelImport, plan as replan, startImport } from "../../data/import-actions.ts";
import type { ImportPlan } from "../../../shared/importers/importer.ts";
import { ColumnType, Role } from "../../../shared/model/role.ts";
import { TargetTable, type ImportOptions } from "../../../shared/model/evidence.ts";
import type { PendingImport } from "../../state/import-store.ts";
import { useFormats } from "../../data/formats.ts";
import { lacksTimes } from "./lacks-times.ts";
import { LogOptions } from "./log-options.tsx";
import { Notes } from "./notes.tsx";
import { TextOption } from "./text-option.tsx";

/** First rows and detected roles of a file before its import; everything can be changed. */
export function PendingDetail({ item }: { item: PendingImport }) {
  const { phase } = item;
  return (
    <div className="iq-detail">
      <div className="iq-page-head">
        <h2 className="iq-clip" style={{ marginRight: "auto" }} title={item.path}>
          <bdi>{item.name}</bdi>
        </h2>
        <Button
          size="small"
          text={phase.kind === "running" ? "Cancel import" : "Remove"}
          onClick={() => {
            cancelImport(item.key);
          }}
        />
        <Button
          size="small"
          intent="primary"
          text="Import"
          disabled={phase.kind !== "planned" || item.duplicateOf !== null}
          onClick={() => void startImport(item.key)}
        />
      </div>
      {item.duplicateOf !== null && (
        <div className="iq-error" role="status">
          <strong>The same content is already in the case as {item.duplicateOf}.</strong>
          <p>Importing it again would count every row twice. Remove it from this list.</p>
        </div>
      )}
      {phase.kind === "failed" && (
        <div className="iq-error" role="alert">
          <strong>{phase.error.message}</strong>
          <p>{phase.error.advice}</p>
          <p className="iq-muted iq-mono">
            {item.path}
            {item.member !== null && <bdi> › {item.member.name}</bdi>}
            {phase.error.line === undefined ? "" : `, line ${phase.error.line}`}
          </p>
        </div>
      )}
      {phase.kind === "planned" && <PlanEditor item={item} plan={phase.plan} />}
    </div>
  );
}

function PlanEditor({ item, plan }: { item: PendingImport; plan: ImportPlan }) {
  const formats = useFormats();
  const change = (options: ImportOptions) => {
    // An option that is set to nothing is one that is detected again.
    const all = Object.entries({ ...item.options, ...options }).filter(([, v]) => v !== undefined);
    void replan(item.key, { options: Object.fromEntries(all) });
  };
  return (
    <>
      <Notes notes={plan.notes} />
      <div className="iq-options">
        <label>
          Read as
          <HTMLSelect
            className="iq-compact-select"
            value={item.importer}
            onChange={(e) =>
              void replan(item.key, { importer: e.currentTarget.value, options: item.options })
            }
            options={[
              {
                value: "auto",
                label: `detected: ${formats.find((f) => f.id === plan.importer)?.name ?? plan.importer}`,
              },
              ...formats.map((f) => ({ value: f.id, label: f.name })),
            ]}
          />
        </label>
        <label>
          Goes to
          <HTMLSelect
            className="iq-compact-select"
            value={plan.target}
            onChange={(e) => {
              change({ target: TargetTable.parse(e.currentTarget.value) });
            }}
            options={TargetTable.options.map((t) => ({
              value: t,
              label: t === "own" ? "a table of its own" : t,
            }))}
          />
        </label>
        {plan.target === "own" && (
          <TextOption
            label="Table"
            value={plan.table}
            onCommit={(table) => {
              if (table !== "") change({ table });
            }}
          />
        )}
        <TextOption
          label="Zone of times without one"
          value={plan.options.timezone ?? "UTC"}
          onCommit={(timezone) => {
            if (timezone !== "") change({ timezone });
          }}
        />
        {plan.options.year !== undefined && (
          <TextOption
            label="Year of times without one"
            value={String(plan.options.year)}
            onCommit={(year) => {
              if (/^\d{4}$/.test(year)) change({ year: Number(year) });
            }}
          />
        )}
        {plan.options.dayFirst !== undefined && (
          <label>
            Dates like 3/4/2026
            <HTMLSelect
              className="iq-compact-select"
              value={plan.options.dayFirst ? "day" : "month"}
              options={[
                { value: "day", label: "day first" },
                { value: "month", label: "month first" },
              ]}
              onChange={(e) => {
                change({ dayFirst: e.currentTarget.value === "day" });
              }}
            />
          </label>
        )}
        {plan.importer === "prometheus-text" && lacksTimes(plan) && (
          <TextOption
            label="Time of samples without one"
            value={plan.options.date ?? ""}
            placeholder="2026-03-01T10:00:00Z"
            onCommit={(date) => {
              change({ date: date === "" ? undefined : date });
            }}
          />
        )}
        {plan.options.delimiter !== undefined && (
          <label>
            Delimiter
            <HTMLSelect
              className="iq-compact-select"
              value={plan.options.delimiter}
              onChange={(e) => {
                change({ delimiter: e.currentTarget.value });
              }}
              options={[
                { value: ",", label: "comma" },
                { value: "\t", label: "tab" },
                { value: ";", label: "semicolon" },
                { value: "|", label: "pipe" },
              ]}
            />
          </label>
        )}
      </div>
      {plan.importer === "text-log" && <LogOptions plan={plan} onChange={change} />}
      <section aria-label="Columns and roles">
        <h3>Columns</h3>
        <div
          className="iq-preview"
          tabIndex={0}
          role="region"
          aria-label="Columns and roles of the file"
        >
          <table className="iq-table">
            <thead>
              <tr>
                <th>Column</th>
                <th>Type</th>
                <th>Role</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {plan.columns.map((column) => (
                <tr key={column.name}>
                  <td>
                    {column.name}
                    {column.unit !== undefined && (
                      <span className="iq-muted"> ({column.unit})</span>
                    )}
                  </td>
                  <td>
                    <HTMLSelect
                      className="iq-compact-select"
                      aria-label={`Type of ${column.name}`}
                      value={column.type}
                      options={[...ColumnType.options]}
                      onChange={(e) => {
                        change({
                          types: {
                            ...item.options.types,
                            [column.name]: ColumnType.parse(e.currentTarget.value),
                          },
                        });
                      }}
                    />
                  </td>
                  <td>
                    <HTMLSelect
                      className="iq-compact-select"
                      aria-label={`Role of ${column.name}`}
                      value={column.role}
                      options={Role.options.map((r) => ({ value: r, label: r.replace("_", " ") }))}
                      onChange={(e) => {
                        change({
                          roles: {
                            ...item.options.roles,
                            [column.name]: Role.parse(e.currentTarget.value),
                          },
                        });
                      }}
                    />
                  </td>
                  <td className="iq-muted">{column.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section aria-label="First rows">
        <h3>First rows, as they stand in the file</h3>
        <div className="iq-preview" tabIndex={0} role="region" aria-label="First rows of the file">
          <table className="iq-table">
            <thead>
              <tr>
                {plan.preview.header.map((name, i) => (
                  <th key={`${name}-${i}`}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {plan.preview.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j} title={cell}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}
