import { memo, type CSSProperties } from "react";
import type { LogField, LogLine } from "../../../shared/model/log-query.ts";
import { fieldsOf, hueOf, lineTime, partsOf } from "./line-text.ts";

/** Which columns there are: those that no line fills are left out. */
export interface LogColumns {
  readonly service: boolean;
  readonly host: boolean;
}

interface LogRowProps {
  readonly id: string;
  readonly number: number;
  /** Null until it is read. */
  readonly line: LogLine | null;
  /** When lines around it were written, µs UTC: shown until the line is there. */
  readonly about: number | null;
  readonly columns: LogColumns;
  readonly colourBy: LogField;
  readonly zone: string;
  readonly isCurrent: boolean;
  readonly isMarked: boolean;
  readonly onPick: (number: number, isOpened: boolean) => void;
}

/** One line. Memoised: it stays as it is while the list scrolls. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { id, number, line, about, columns, colourBy, zone, isCurrent, isMarked, onPick } = props;
  const value = line?.[colourBy] ?? null;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={number + 2}
      aria-selected={isCurrent}
      className="iq-log-row"
      data-level={line?.level ?? undefined}
      data-hit={line?.isHit === true || undefined}
      data-coloured={colourBy === "level" || value === null ? undefined : true}
      style={
        colourBy === "level" || value === null
          ? undefined
          : ({ "--iq-log-hue": hueOf(value) } as CSSProperties)
      }
      onClick={() => {
        onPick(number, false);
      }}
      onDoubleClick={() => {
        onPick(number, true);
      }}
    >
      <span role="gridcell" className="iq-log-mark">
        {isMarked ? <span aria-label="marked as evidence">◆</span> : line?.isHit ? "›" : ""}
      </span>
      <span role="gridcell" className="iq-log-time">
        {line === null ? `≈ ${lineTime(about, zone)}` : lineTime(line.time, zone)}
      </span>
      <span role="gridcell" className="iq-log-level">
        {line?.level ?? ""}
      </span>
      {columns.service && (
        <span role="gridcell" className="iq-log-service iq-clip" title={line?.service ?? undefined}>
          {line?.service ?? ""}
        </span>
      )}
      {columns.host && (
        <span role="gridcell" className="iq-log-host iq-clip" title={line?.host ?? undefined}>
          {line?.host ?? ""}
        </span>
      )}
      <span role="gridcell" className="iq-log-message">
        {line === null ? <span className="iq-muted">…</span> : <Message line={line} />}
      </span>
    </div>
  );
});

function Message({ line }: { line: LogLine }) {
  const fields = line.fields === null ? [] : fieldsOf(line.fields);
  return (
    <>
      <Marked text={line.message} />
      {fields === null ? (
        <span className="iq-log-field">
          {" "}
          <Marked text={line.fields ?? ""} />
        </span>
      ) : (
        fields.map(([name, value]) => (
          <span key={name} className="iq-log-field">
            {" "}
            <Marked text={name} />=<Marked text={value} />
          </span>
        ))
      )}
      {line.isCut && <span className="iq-muted"> … (cut; Enter shows all of it)</span>}
    </>
  );
}

/** A text with its hits. */
function Marked({ text }: { text: string }) {
  return partsOf(text).map((part, i) =>
    part.isHit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  );
}
