import { Button } from "@blueprintjs/core";
import { CrossIcon } from "@blueprintjs/icons";
import { Fragment } from "react";
import type { LogField, LogLine } from "../../../shared/model/log-query.ts";
import { useAnalysis } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { integer } from "../../widgets/format.ts";
import { fieldsOf, lineTime, withoutHits } from "./line-text.ts";
import { useLogs } from "../../state/log-state.ts";
import { useLogTemplates } from "./use-log-query.ts";
import type { Marks } from "./use-marks.ts";

interface LineDetailProps {
  readonly line: LogLine | undefined;
  readonly marks: Marks;
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

/** All of a line: its fields, its text, the file and place it comes from, and filters made of it. */
export function LineDetail({ line, marks, readOnly, onClose }: LineDetailProps) {
  const whole = useAnalysis(
    "logRows",
    line === undefined ? null : { rows: [{ evidence: line.evidence, line: line.line }] },
    { keepPrevious: true },
  );
  const zone = useView((s) => s.timezone);
  const evidence = useCase((s) => s.state?.evidence);
  const shown = whole.data?.[0];
  return (
    <aside className="iq-log-side" aria-label="Details of the line">
      <div className="iq-log-side-head">
        <h2>Line</h2>
        <Button
          size="small"
          variant="minimal"
          icon={<CrossIcon />}
          aria-label="Close the details"
          onClick={onClose}
        />
      </div>
      {whole.isError && <p className="iq-log-trouble">{whole.error.message}</p>}
      {shown !== undefined && (
        <>
          <div className="iq-log-side-actions">
            <Button
              size="small"
              text={marks.has(shown) ? "Take the mark off" : "Mark as evidence"}
              title="m"
              disabled={readOnly}
              onClick={() => {
                marks.toggle(shown);
              }}
            />
            <Button
              size="small"
              text="Copy"
              title="Copies the message"
              onClick={() => void navigator.clipboard.writeText(withoutHits(shown.message))}
            />
          </div>
          <dl className="iq-facts">
            <dt>Time</dt>
            <dd>
              {lineTime(shown.time, zone)} {shown.time === null ? "" : zone}
            </dd>
            {(["level", "service", "host"] as const).map((field) => (
              <FieldFact key={field} field={field} value={shown[field]} />
            ))}
            <TemplateFact shape={shown.shape} />
            <dt>Source</dt>
            <dd>
              {evidence?.find((e) => e.id === `E${String(shown.evidence)}`)?.name ??
                `E${String(shown.evidence)}`}
              , line {integer(shown.line)}
              {shown.offset !== null && `, byte ${integer(shown.offset)}`}
            </dd>
          </dl>
          <h3>Message</h3>
          <pre className="iq-log-text" tabIndex={0}>
            {shown.message}
          </pre>
          {shown.fields !== null && <Fields json={shown.fields} />}
        </>
      )}
    </aside>
  );
}

const NAMES: Record<LogField, string> = { level: "Level", service: "Service", host: "Host" };

function FieldFact({ field, value }: { field: LogField; value: string | null }) {
  const choose = useLogs((s) => s.choose);
  const filter = (excluded: boolean) => {
    choose(field, { values: [value], excluded });
  };
  return (
    <>
      <dt>{NAMES[field]}</dt>
      <dd>
        {value ?? <span className="iq-muted">not said</span>}
        <Filters what={`${field} ${value ?? "not said"}`} onFilter={filter} />
      </dd>
    </>
  );
}

function TemplateFact({ shape }: { shape: number | null }) {
  const templates = useLogTemplates(shape !== null);
  const change = useLogs((s) => s.change);
  const template = templates?.find((t) => shape !== null && t.shapes.includes(shape));
  if (template === undefined) return null;
  const { id } = template;
  return (
    <>
      <dt>Template</dt>
      <dd>
        <span className="iq-mono iq-log-template">{template.name ?? template.text}</span>{" "}
        <span className="iq-muted">{integer(template.lines)} lines</span>
        <Filters
          what="this template"
          onFilter={(excluded) => {
            const others = useLogs.getState().withoutTemplates.filter((t) => t !== id);
            change(
              excluded
                ? { onlyTemplates: [], withoutTemplates: [...others, id] }
                : { onlyTemplates: [id], withoutTemplates: [] },
            );
          }}
        />
      </dd>
    </>
  );
}

function Filters({ what, onFilter }: { what: string; onFilter: (excluded: boolean) => void }) {
  return (
    <span className="iq-log-fact-filters">
      {[false, true].map((excluded) => (
        <Button
          key={String(excluded)}
          size="small"
          variant="minimal"
          text={excluded ? "without" : "only"}
          aria-label={`${excluded ? "Without" : "Only"} ${what}`}
          onClick={() => {
            onFilter(excluded);
          }}
        />
      ))}
    </span>
  );
}

function Fields({ json }: { json: string }) {
  const fields = fieldsOf(json);
  return (
    <>
      <h3>Further fields</h3>
      {fields === null ? (
        <pre className="iq-log-text" tabIndex={0}>
          {json}
        </pre>
      ) : (
        <dl className="iq-facts iq-mono">
          {fields.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      )}
    </>
  );
}
