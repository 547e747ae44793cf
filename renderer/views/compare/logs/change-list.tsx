import { Button, InputGroup } from "@blueprintjs/core";
import { SearchIcon } from "@blueprintjs/icons";
import { useState, type KeyboardEvent } from "react";
import type { LogChangeKind, TemplateChange } from "../../../../shared/model/log-comparison.ts";
import { integer, number } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";
import { LogText } from "./log-text.tsx";

interface ChangeListProps {
  readonly templates: readonly TemplateChange[];
  readonly current: string | null;
  readonly onPick: (id: string) => void;
}

const GROUPS: readonly { readonly kind: LogChangeKind; readonly title: string }[] = [
  { kind: "new", title: "New in the incident" },
  { kind: "burst", title: "Bursts" },
  { kind: "level_shift", title: "More often, for good" },
  { kind: "thinned", title: "Thinned" },
  { kind: "vanished", title: "Vanished" },
  { kind: "steady", title: "As before" },
];

/** Rows of a group before "show all". */
const FIRST = 40;

/** Templates grouped by how they changed; those that did not are folded away until asked for. */
export function ChangeList({ templates, current, onPick }: ChangeListProps) {
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  const wanted = words.trim().toLowerCase();
  const matching = templates.filter(
    (t) =>
      wanted === "" ||
      `${t.name ?? ""} ${t.text} ${t.where.map((w) => w.name).join(" ")}`
        .toLowerCase()
        .includes(wanted),
  );
  const quiet = matching.filter((t) => t.verdict === "none");
  const changed = matching.filter((t) => t.verdict !== "none");
  const shown = all || wanted !== "" || changed.length === 0 ? matching : changed;
  const groups = GROUPS.map((group) => ({
    ...group,
    members: shown.filter((t) => t.kind === group.kind),
  })).filter((g) => g.members.length > 0);
  return (
    <div className="iq-log-changes-list">
      <InputGroup
        size="small"
        leftElement={<SearchIcon className="iq-search-icon" />}
        placeholder="Filter by text, service or host"
        aria-label="Filter by text, service or host"
        value={words}
        onValueChange={setWords}
      />
      {groups.length === 0 && <p className="iq-muted">No template has these words.</p>}
      <table className="iq-table iq-log-changes-table" aria-label="Templates by how they changed">
        <thead>
          <tr>
            <th scope="col">Template</th>
            <th scope="col" className="iq-num">
              <WindowMark which="baseline" />
              Baseline
            </th>
            <th scope="col" className="iq-num">
              <WindowMark which="incident" />
              Incident
            </th>
            <th scope="col" className="iq-num" title="Lines per time, incident over baseline">
              Times
            </th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <Group key={group.kind} {...group} current={current} onPick={onPick} />
        ))}
      </table>
      {quiet.length > 0 && wanted === "" && changed.length > 0 && (
        <Button
          size="small"
          variant="minimal"
          aria-expanded={all}
          text={
            all ? "Hide what did not change" : `Show ${integer(quiet.length)} that did not change`
          }
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly members: readonly TemplateChange[];
  readonly current: string | null;
  readonly onPick: (id: string) => void;
}

function Group({ title, members, current, onPick }: GroupProps) {
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, FIRST);
  return (
    <tbody>
      <tr className="iq-log-changes-group">
        <th scope="rowgroup" colSpan={5}>
          {title} <span className="iq-muted">{integer(members.length)}</span>
        </th>
      </tr>
      {shown.map((change) => (
        <Row key={change.id} change={change} isCurrent={change.id === current} onPick={onPick} />
      ))}
      {members.length > shown.length && (
        <tr>
          <td colSpan={5}>
            <Button
              size="small"
              variant="minimal"
              text={`Show all ${integer(members.length)}`}
              onClick={() => {
                setAll(true);
              }}
            />
          </td>
        </tr>
      )}
    </tbody>
  );
}

interface RowProps {
  readonly change: TemplateChange;
  readonly isCurrent: boolean;
  readonly onPick: (id: string) => void;
}

function Row({ change, isCurrent, onPick }: RowProps) {
  const place = change.where[0];
  return (
    <tr
      data-clickable
      aria-selected={isCurrent}
      onClick={() => {
        onPick(change.id);
      }}
    >
      <td className="iq-log-changes-name">
        <button
          type="button"
          className="iq-log-changes-pick iq-mono"
          aria-pressed={isCurrent}
          title={change.text}
          onClick={() => {
            onPick(change.id);
          }}
          onKeyDown={moveFocus}
        >
          {change.name ?? <LogText text={change.text} />}
        </button>
        <span className="iq-muted iq-log-changes-facts">
          {change.level !== null && (
            <span className={`iq-log-changes-level iq-log-changes-level-${change.level}`}>
              {change.level}
            </span>
          )}
          {place !== undefined && `${place.name} ${(place.share * 100).toFixed(0)} %`}
          {change.where.length > 1 && ` and ${String(change.where.length - 1)} more`}
        </span>
      </td>
      <td className="iq-num">{integer(change.baseline.lines)}</td>
      <td className="iq-num">{integer(change.incident.lines)}</td>
      <td className="iq-num">
        {change.timeRatio === null ? "new" : `${number(Number(change.timeRatio.toPrecision(2)))}×`}
      </td>
      <td>
        <VerdictTag verdict={change.verdict} />
      </td>
    </tr>
  );
}

/** Up and down go from template to template. */
function moveFocus(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const all = [
    ...(event.currentTarget
      .closest("table")
      ?.querySelectorAll<HTMLButtonElement>(".iq-log-changes-pick") ?? []),
  ];
  const next = all[all.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.click();
}
