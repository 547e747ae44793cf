import { Button, HTMLSelect, InputGroup, ProgressBar } from "@blueprintjs/core";
import { useRef, useState } from "react";
import type { ClockPair } from "../../../../shared/model/clock-skew.ts";
import type { Evidence } from "../../../../shared/model/evidence.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { setClock } from "../../../data/set-clock.ts";
import { useCase } from "../../../state/case-store.ts";
import { count } from "../../../widgets/format.ts";
import { LagPicture } from "./lag-picture.tsx";
import { offsetText, readOffset } from "./offset-text.ts";
import "./clock-skew.css";

const NO_EVIDENCE: readonly Evidence[] = [];

/** Which clocks are apart, by how much and how that is known; put right only where a person says so. */
export function ClockSkewPanel({ tables }: { readonly tables: readonly TableMeta[] }) {
  const evidence = useCase((s) => s.state?.evidence) ?? NO_EVIDENCE;
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const asked = useAnalysis("clockSkew", { tables });
  const corrected = evidence.filter((e) => (e.options.correctedMs ?? 0) !== 0);
  const panel = useRef<HTMLDivElement>(null);
  const onSet: SetClock = (id, correctedMs, why) => {
    // The button that was pressed goes with what it does: the keyboard stays in the dialog.
    panel.current?.focus();
    return setClock(id, correctedMs, why);
  };
  return (
    <div ref={panel} className="iq-clocks" tabIndex={-1}>
      <p className="iq-muted">
        Files written by different machines may not agree on the time. What two files both saw says
        how far their clocks are apart. A lag can also be a real delay: then the later one waits
        that long after the earlier one for everything. Nothing is moved unless you move it; the
        files stay as they are.
      </p>
      {asked.isError && <p role="alert">The clocks could not be compared: {asked.error.message}</p>}
      {asked.data === undefined && !asked.isError && (
        <div role="status">
          <p>Holding the clocks against each other …</p>
          <ProgressBar />
        </div>
      )}
      {asked.data !== undefined && (
        <Pairs pairs={asked.data.pairs} evidence={evidence} readOnly={readOnly} onSet={onSet} />
      )}
      {asked.data?.limits.map((limit) => (
        <p key={limit} className="iq-muted">
          {limit}
        </p>
      ))}
      {corrected.length > 0 && (
        <section aria-label="Clocks put right">
          <h3>Put right</h3>
          <ul className="iq-clock-list">
            {corrected.map((e) => (
              <li key={e.id}>
                <span>
                  <strong>{e.name}</strong>: {offsetText((e.options.correctedMs ?? 0) * 1000)}
                </span>
                <Button
                  size="small"
                  text="Take back"
                  aria-label={`Take back the correction of ${e.name}`}
                  disabled={readOnly}
                  onClick={() => void onSet(e.id, 0, "")}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      <ByHand evidence={evidence} readOnly={readOnly} onSet={onSet} />
    </div>
  );
}

type SetClock = typeof setClock;

interface PanelPart {
  readonly evidence: readonly Evidence[];
  readonly readOnly: boolean;
  readonly onSet: SetClock;
}

interface PairsProps extends PanelPart {
  readonly pairs: readonly ClockPair[];
}

function Pairs({ pairs, ...part }: PairsProps) {
  const told = pairs.filter((p) => p.verdict !== "unclear");
  const unclear = pairs.filter((p) => p.verdict === "unclear");
  const nameOf = (id: string) => part.evidence.find((e) => e.id === id)?.name ?? id;
  if (pairs.length === 0)
    return (
      <p>There are not two files with log lines, spans or events to hold against each other.</p>
    );
  return (
    <>
      <ul className="iq-clock-list" aria-label="Pairs of clocks">
        {told.map((pair) => (
          <Pair
            key={`${pair.first}/${pair.second}`}
            {...part}
            pair={pair}
            first={nameOf(pair.first)}
            second={nameOf(pair.second)}
          />
        ))}
      </ul>
      {told.length === 0 && <p>No two files tell how their clocks stand to each other.</p>}
      {unclear.length > 0 && (
        <details>
          <summary>{count(unclear.length, "pair")} without an answer, and why</summary>
          <ul>
            {unclear.map((p) => (
              <li key={`${p.first}/${p.second}`}>
                {nameOf(p.first)} and {nameOf(p.second)}: {p.why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface PairProps extends PanelPart {
  readonly pair: ClockPair;
  readonly first: string;
  readonly second: string;
}

function Pair({ pair, evidence, readOnly, onSet, first, second }: PairProps) {
  const { offset, low, high, verdict, why, curve } = pair;
  const move = (id: string, by: number) => {
    const item = evidence.find((e) => e.id === id);
    if (item === undefined) return;
    const other = id === pair.first ? second : first;
    const total = (item.options.correctedMs ?? 0) + Math.round(by / 1000);
    void onSet(id, total, `the clock of ${other} taken as right. ${why}`);
  };
  const half = (high - low) / 2;
  return (
    <li className="iq-clock-pair" data-verdict={verdict}>
      <div>
        <p className="iq-clock-says">{sentence(pair, first, second)}</p>
        <p className="iq-muted">
          {offset !== null && `${offsetText(offset)} (±${offsetText(half).slice(1)}, 95 %). `}
          {why}
        </p>
        {verdict === "offer" && offset !== null && (
          <div className="iq-clock-actions">
            <Button
              size="small"
              intent="primary"
              text={`Move ${second} by ${offsetText(offset)}`}
              disabled={readOnly}
              onClick={() => {
                move(pair.second, offset);
              }}
            />
            <Button
              size="small"
              text={`Move ${first} by ${offsetText(-offset)}`}
              disabled={readOnly}
              onClick={() => {
                move(pair.first, -offset);
              }}
            />
          </div>
        )}
      </div>
      <LagPicture curve={curve} offset={offset} />
    </li>
  );
}

function sentence({ offset, verdict }: ClockPair, first: string, second: string): string {
  if (verdict === "agree" || offset === null) return `${first} and ${second} agree.`;
  const apart = offsetText(Math.abs(offset)).slice(1);
  return `The clock of ${second} is ${apart} ${offset > 0 ? "behind" : "ahead of"} that of ${first}.`;
}

/** A correction that a person knows from elsewhere; the only way for files without records. */
function ByHand({ evidence, readOnly, onSet }: PanelPart) {
  const timed = evidence.filter((e) => e.from !== null);
  const [chosen, setChosen] = useState("");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const item = timed.find((e) => e.id === chosen) ?? timed[0];
  if (item === undefined) return null;
  const move = () => {
    const by = readOffset(text);
    setProblem(by === null ? "Write an offset such as +90 s, −1 h 30 min or 2.5." : null);
    if (by === null) return;
    const total = (item.options.correctedMs ?? 0) + by;
    void onSet(item.id, total, "set by hand").then((done) => {
      if (done) setText("");
    });
  };
  return (
    <section aria-label="By hand">
      <h3>By hand</h3>
      <form
        className="iq-clock-hand"
        onSubmit={(event) => {
          event.preventDefault();
          move();
        }}
      >
        <HTMLSelect
          aria-label="File to move"
          value={item.id}
          disabled={readOnly}
          options={timed.map((e) => ({ value: e.id, label: `${e.id} ${e.name}` }))}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        />
        <InputGroup
          aria-label="Offset to add to its times"
          placeholder="+90 s"
          value={text}
          disabled={readOnly}
          onValueChange={setText}
        />
        <Button type="submit" text="Move" disabled={readOnly || text.trim() === ""} />
      </form>
      {problem !== null && (
        <p role="alert" className="iq-time-problem">
          {problem}
        </p>
      )}
    </section>
  );
}
