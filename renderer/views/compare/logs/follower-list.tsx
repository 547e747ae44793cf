import { Button, ProgressBar } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type {
  FollowerChange,
  FollowerRate,
  LogComparison,
} from "../../../../shared/model/log-comparison.ts";
import { pinFollower } from "../../../data/log-actions.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { useCase } from "../../../state/case-store.ts";
import { duration, integer, percent } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";
import { LogText } from "./log-text.tsx";

interface FollowerTableProps {
  readonly changes: readonly FollowerChange[];
  readonly onPick?: (templateId: string) => void;
  readonly onPin?: (change: FollowerChange) => void;
}

/** Pairs of templates with how often the second followed the first. */
export function FollowerTable({ changes, onPick, onPin }: FollowerTableProps) {
  return (
    <table className="iq-table iq-log-changes-followers" aria-label="Pairs of templates in order">
      <thead>
        <tr>
          <th scope="col">First, then</th>
          <th scope="col" className="iq-num">
            <WindowMark which="baseline" />
            Baseline
          </th>
          <th scope="col" className="iq-num">
            <WindowMark which="incident" />
            Incident
          </th>
          <th scope="col">Verdict</th>
          {onPin !== undefined && (
            <th scope="col">
              <span className="iq-visually-hidden">Pin</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {changes.map((c) => (
          <tr key={`${c.first.id}>${c.then.id}`}>
            <td className="iq-log-changes-name">
              <Named {...c.first} onPick={onPick} />
              <span className="iq-log-changes-then">
                <span aria-hidden="true">↳ </span>
                <Named {...c.then} onPick={onPick} />
              </span>
            </td>
            <Rate rate={c.baseline} />
            <Rate rate={c.incident} />
            <td>
              <VerdictTag verdict={c.verdict} />
              <span className="iq-muted"> {c.kind === "broken" ? "broken" : "new order"}</span>
            </td>
            {onPin !== undefined && (
              <td>
                <Button
                  size="small"
                  variant="minimal"
                  icon={<PinIcon />}
                  aria-label="Pin this pair as finding"
                  onClick={() => {
                    onPin(c);
                  }}
                />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NamedProps {
  readonly id: string;
  readonly text: string;
  readonly onPick: ((templateId: string) => void) | undefined;
}

function Named({ id, text, onPick }: NamedProps) {
  if (onPick === undefined) {
    return (
      <span className="iq-mono iq-log-changes-clip" title={text}>
        <LogText text={text} />
      </span>
    );
  }
  return (
    <button
      type="button"
      className="iq-log-changes-pick iq-mono"
      title={text}
      onClick={() => {
        onPick(id);
      }}
    >
      <LogText text={text} />
    </button>
  );
}

function Rate({ rate }: { rate: FollowerRate }) {
  return (
    <td className="iq-num">
      {percent(rate.share)}
      <span className="iq-log-changes-interval">
        of {integer(rate.cases)}; {percent(rate.low)} to {percent(rate.high)}
      </span>
    </td>
  );
}

interface FollowerListProps {
  readonly input: LogsInput;
  readonly found: LogComparison;
  readonly onPick: (templateId: string) => void;
}

/** Pairs that used to follow each other and no longer do, and the reverse. */
export function FollowerList({ input, found, onPick }: FollowerListProps) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const asked = useAnalysis("compareFollowers", input);
  if (asked.isError)
    return <p className="iq-log-changes-wait">Not compared: {asked.error.message}</p>;
  if (asked.data === undefined) {
    return (
      <div className="iq-log-changes-wait">
        <p>Looking at which lines follow which …</p>
        <ProgressBar />
      </div>
    );
  }
  const { changes, by, within, templates, sampled, sql } = asked.data;
  const known = new Set(found.templates.map((t) => t.id));
  return (
    <div className="iq-pane iq-log-changes-page">
      {changes.length === 0 ? (
        <p>Every habitual order of lines is kept, and no new one has come.</p>
      ) : (
        <FollowerTable
          changes={changes}
          onPick={(id) => {
            if (known.has(id)) onPick(id);
          }}
          {...(readOnly
            ? {}
            : { onPin: (c: FollowerChange) => void pinFollower(input.logs, c, sql) })}
        />
      )}
      <p className="iq-muted">
        Among {integer(templates)} frequent templates: whether one is followed by another within{" "}
        {duration(within)} in the same {by}
        {sampled < 1 && `, in ${percent(sampled)} of the minutes, chosen by a hash`}. A pair is
        named when the second followed in nine of ten cases in both halves of the baseline and the
        95 % intervals of both shares lie apart, or the reverse.
      </p>
      {sql !== "" && (
        <details className="iq-log-changes-method">
          <summary>SQL behind the pairs, for the incident</summary>
          <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of the pairs">
            {sql}
          </pre>
        </details>
      )}
    </div>
  );
}
