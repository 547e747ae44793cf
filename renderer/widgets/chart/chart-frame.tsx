import { Button } from "@blueprintjs/core";
import { useId, useState, type ReactNode } from "react";
import { integer } from "../format.ts";
import "./chart.css";

/** The numbers behind a chart, as text. The first column names the row. */
export interface Numbers {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that hold text; all others are right-aligned. The first always does. */
  readonly text?: readonly number[];
}

interface ChartFrameProps {
  /** Says what the chart shows. */
  readonly title: string;
  readonly children: ReactNode;
  readonly legend?: ReactNode;
  /** Computed only when they are asked for. */
  readonly numbers: () => Numbers;
}

/** Title, legend, picture, and "Show numbers", which swaps in the data as a table. */
export function ChartFrame({ title, children, legend, numbers }: ChartFrameProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <figure className="iq-chart" aria-labelledby={id}>
      <figcaption className="iq-chart-head">
        <span className="iq-chart-name">
          <span id={id} className="iq-chart-title">
            {title}
          </span>
          {legend}
        </span>
        <NumbersToggle
          open={open}
          onToggle={() => {
            setOpen(!open);
          }}
        />
      </figcaption>
      {children}
      {open && <NumbersTable title={title} numbers={numbers()} />}
    </figure>
  );
}

export function NumbersToggle({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  return (
    <Button
      className="iq-chart-numbers"
      size="small"
      variant="minimal"
      aria-expanded={open}
      text={open ? "Hide numbers" : "Show numbers"}
      onClick={onToggle}
    />
  );
}

const MOST = 1000;

export function NumbersTable({ title, numbers }: { title: string; numbers: Numbers }) {
  const isText = (column: number) => column === 0 || numbers.text?.includes(column) === true;
  const shown = numbers.rows.slice(0, MOST);
  const omitted = numbers.rows.length - shown.length;
  return (
    <div className="iq-numbers-box" tabIndex={0} role="region" aria-label={`Numbers: ${title}`}>
      <table className="iq-table">
        <thead>
          <tr>
            {numbers.header.map((name, c) => (
              <th key={name} scope="col" className={isText(c) ? undefined : "iq-num"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, r) => (
            <tr key={`${row[0] ?? ""}/${String(r)}`}>
              {row.map((cell, c) => (
                <td key={numbers.header[c] ?? c} className={isText(c) ? undefined : "iq-num"}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {numbers.rows.length === 0 && <p className="iq-muted">There is no data in this range.</p>}
      {omitted > 0 && (
        <p className="iq-muted">
          {integer(omitted)} more rows are not listed: zoom in to see them.
        </p>
      )}
    </div>
  );
}
