import { Button } from "@blueprintjs/core";
import { useState } from "react";
import type { RankerOrder, Stability } from "../../../shared/model/stability.ts";
import { useStability } from "../../data/comparison.ts";
import { useView } from "../../state/view-store.ts";
import { duration, timeWithZone } from "../../widgets/format.ts";

/** How firm the order is: what comes first when the incident began at another time, and by other rankings. */
export function StabilityPanel() {
  const zone = useView((s) => s.timezone);
  const stability = useStability(true);
  const [open, setOpen] = useState(false);
  const found = stability.data;
  if (stability.isError) {
    return (
      <p className="iq-stability iq-muted">
        Whether the order holds could not be told: {stability.error.message}{" "}
        <Button size="small" text="Try again" onClick={() => void stability.refetch()} />
      </p>
    );
  }
  if (found === undefined) {
    return <p className="iq-stability iq-muted">Trying other onsets and other rankings…</p>;
  }
  if (found.skipped !== null || found.subjects.length === 0) {
    return found.skipped === null ? null : <p className="iq-stability iq-muted">{found.skipped}</p>;
  }
  return (
    <section className="iq-stability" aria-label="How firm the order is">
      <p>
        <strong>How firm is this order?</strong> {onsetSentence(found, zone)}{" "}
        {rankerSentence(found)}{" "}
        <Button
          size="small"
          variant="minimal"
          aria-expanded={open}
          text={open ? "Hide the orders" : "Show the orders"}
          onClick={() => {
            setOpen(!open);
          }}
        />
      </p>
      {open && <Orders found={found} zone={zone} />}
    </section>
  );
}

function Orders({ found, zone }: { found: Stability; zone: string }) {
  const [chosen, setChosen] = useState(found.given);
  const { onsets, given, rankers, subjects } = found;
  const place = Math.min(chosen, onsets.length - 1);
  const own = onsets[given];
  const moved = onsets[place];
  if (own === undefined || moved === undefined) return null;
  const at = timeWithZone(moved.at, zone);
  const apart =
    place === given
      ? "as given"
      : `${duration(Math.abs(moved.at - own.at))} ${place < given ? "earlier" : "later"}`;
  const others = rankers.slice(1);
  return (
    <>
      <label className="iq-stability-onset">
        <span>The incident begins</span>
        <input
          type="range"
          min={0}
          max={onsets.length - 1}
          step={1}
          value={place}
          aria-valuetext={`${at}, ${apart}`}
          onChange={(event) => {
            setChosen(Number(event.target.value));
          }}
        />
        <span className="iq-stability-at">
          {at} <span className="iq-muted">({apart})</span>
        </span>
        <Button
          size="small"
          variant="minimal"
          text="As given"
          disabled={place === given}
          onClick={() => {
            setChosen(given);
          }}
        />
      </label>
      <table className="iq-table iq-stability-table">
        <thead>
          <tr>
            <th>Suspect</th>
            <th className="iq-num">This list</th>
            <th className="iq-num">At that onset</th>
            {others.map((r) => (
              <th key={r.id} className="iq-num" title={`Goes by ${r.what}.`}>
                {r.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {subjects.map((subject, k) => (
            <tr key={`${subject.table}/${subject.name}`}>
              <td className="iq-clip" title={subject.name}>
                {subject.name}
                {subject.isEvent && <span className="iq-muted"> event</span>}
              </td>
              <td className="iq-num">
                <Rank rank={own.ranks[k] ?? null} />
              </td>
              <td className="iq-num">
                <Rank rank={moved.ranks[k] ?? null} />
                <Step from={own.ranks[k] ?? null} to={moved.ranks[k] ?? null} />
              </td>
              {others.map((r) => (
                <td key={r.id} className="iq-num">
                  <Rank rank={r.ranks[k] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="iq-stability-what iq-muted">
        {others.map((r) => (
          <li key={r.id}>
            <strong>{r.title}</strong>: {r.what}.
          </li>
        ))}
        <li>
          Events are ranked by what moved after them; only this list knows them. A column keeps its
          strength in proportion to how its course moved at the other onset.
        </li>
      </ul>
    </>
  );
}

function Rank({ rank }: { rank: number | null }) {
  if (rank === null) return <span className="iq-muted">–</span>;
  return rank === 1 ? <strong>1</strong> : <>{rank}</>;
}

/** By how many places it went up or down. */
function Step({ from, to }: { from: number | null; to: number | null }) {
  if (from === null || to === null || from === to) return <span className="iq-step" />;
  const by = Math.abs(from - to);
  return (
    <span className="iq-step" data-way={to < from ? "up" : "down"}>
      <span aria-hidden="true">{to < from ? "▲" : "▼"}</span>
      <span className="iq-visually-hidden">{to < from ? "up by " : "down by "}</span>
      {by}
    </span>
  );
}

function onsetSentence({ subjects, onsets, given, firstHolds }: Stability, zone: string): string {
  const first = subjects[onsets[given]?.ranks.indexOf(1) ?? -1];
  const [earliest, latest] = [onsets[0], onsets.at(-1)];
  if (first === undefined || firstHolds === null || !earliest || !latest) return "";
  const range = `${timeWithZone(firstHolds.from, zone)} and ${timeWithZone(firstHolds.to, zone)}`;
  if (firstHolds.from === earliest.at && firstHolds.to === latest.at)
    return `“${first.name}” stays first wherever between ${range} the incident began.`;
  const beside = onsets.findLast((o) => o.at < firstHolds.from) ?? null;
  const beyond = onsets.find((o) => o.at > firstHolds.to) ?? null;
  const other = (beside ?? beyond)?.ranks.indexOf(1) ?? -1;
  const instead = subjects[other];
  return `“${first.name}” is first if the incident began between ${range}${instead === undefined ? "" : `; otherwise “${instead.name}” may be`}.`;
}

function rankerSentence({ subjects, rankers }: Stability): string {
  const [own, ...others] = rankers;
  // Other rankings know no events: the first that all of them can rank.
  const first = subjects
    .map((subject, k) => ({ subject, k, rank: own?.ranks[k] ?? Infinity }))
    .filter(({ subject }) => !subject.isEvent)
    .sort((a, b) => a.rank - b.rank)[0];
  if (first === undefined || others.length === 0) return "";
  const same = others.filter((r) => r.ranks[first.k] === 1);
  const different = others.filter((r) => r.ranks[first.k] !== 1);
  const name = `“${first.subject.name}”`;
  if (different.length === 0)
    return `All ${String(others.length)} other rankings put ${name} first.`;
  const told = different.map((r: RankerOrder) => {
    const leader = subjects[r.ranks.indexOf(1)];
    return `${r.title.toLowerCase()} ${leader === undefined ? "puts another first" : `puts “${leader.name}” first`}`;
  });
  const count = same.length === 0 ? "No" : String(same.length);
  return `${count} of ${String(others.length)} other rankings ${same.length === 1 ? "puts" : "put"} ${name} first; ${told.join(", ")}.`;
}
