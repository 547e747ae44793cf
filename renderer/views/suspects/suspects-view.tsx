import { Button, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { CrossIcon, HelpIcon, PinIcon, TickIcon } from "@blueprintjs/icons";
import { useState, type ReactNode } from "react";
import type { Check, Suspect, SuspectSignal } from "../../../shared/model/suspect.ts";
import { useSuspects, useWindowPair, useComparison } from "../../data/comparison.ts";
import { pinSuspect } from "../../data/pin.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { duration, number, timeWithZone } from "../../widgets/format.ts";
import { Said, Sentence } from "../../widgets/sentence.tsx";
import { LayerTag } from "../../widgets/tags.tsx";
import { DependenciesField } from "./dependencies-field.tsx";
import { StabilityPanel } from "./stability-panel.tsx";
import { SymptomField } from "./symptom-field.tsx";
import "./suspects.css";

const KIND_WORDS: Record<Suspect["kind"], string> = {
  metric: "metric",
  feature: "feature",
  template: "log lines",
  event: "event",
  segment: "segment",
  schema: "schema change",
};

/** Where an expert would look first, with what speaks for and against each candidate. */
export default function SuspectsView() {
  const windows = useWindowPair();
  const comparison = useComparison();
  const suspects = useSuspects({ keepPrevious: true });
  const show = useView((s) => s.show);
  if (windows === null) {
    return (
      <EmptyState title="Mark the two windows first">
        Suspects are ranked by how much they moved from the baseline to the incident. Mark both
        windows on the chart above.
      </EmptyState>
    );
  }
  const error = comparison.error ?? suspects.error;
  if (error !== null) {
    return (
      <EmptyState
        title="The ranking stopped"
        action={<Button text="Try again" onClick={() => void suspects.refetch()} />}
      >
        {error.message}
      </EmptyState>
    );
  }
  if (suspects.data === undefined) {
    return <NonIdealState title="Weighing what moved, and when" description={<ProgressBar />} />;
  }
  if (suspects.data.length === 0) {
    return (
      <EmptyState
        title="No suspect"
        action={
          <Button
            text="Show the comparison"
            onClick={() => {
              show("compare");
            }}
          />
        }
      >
        Nothing moved beyond what the thresholds allow. Look at all columns in the comparison, or
        choose other windows: a baseline that already holds the trouble hides it.
      </EmptyState>
    );
  }
  return (
    <div className="iq-page iq-suspects">
      <div className="iq-page-head">
        <h1>Suspects</h1>
        <SymptomField />
      </div>
      <p className="iq-muted iq-suspects-hint">
        A suspect is something that moved, not a proven cause. Read the checks; the conclusion is
        yours.
      </p>
      <DependenciesField services={servicesOf(suspects.data)} />
      <StabilityPanel />
      {suspects.isPlaceholderData && (
        <div role="status">
          <p className="iq-muted">Ranking anew; below is the order as it was.</p>
          <ProgressBar />
        </div>
      )}
      <ol className="iq-suspect-list" aria-busy={suspects.isPlaceholderData}>
        {suspects.data.map((s) => (
          <SuspectCard
            key={`${s.kind}/${s.table}/${s.name}`}
            suspect={s}
            top={suspects.data[0]?.score ?? 1}
          />
        ))}
      </ol>
    </div>
  );
}

/** Services that any suspect is of, each once. */
function servicesOf(suspects: readonly Suspect[]): string[] {
  return [...new Set(suspects.flatMap((s) => s.service ?? []))].sort();
}

function SuspectCard({ suspect, top }: { suspect: Suspect; top: number }) {
  const zone = useView((s) => s.timezone);
  const show = useView((s) => s.show);
  const selectColumn = useView((s) => s.selectColumn);
  const setRange = useView((s) => s.setRange);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [open, setOpen] = useState(suspect.rank <= 3);
  const supports = suspect.checks.filter((c) => c.result === "supports").length;
  const contradicts = suspect.checks.filter((c) => c.result === "contradicts").length;
  const { onset, signals = [] } = suspect;
  // One fault is one suspect: the series of a service stand together.
  const isService = suspect.service !== null && signals.length > 0;
  return (
    <li className="iq-card iq-suspect" data-suspect={suspect.name} data-rank={suspect.rank}>
      <div className="iq-suspect-rank" aria-label={`Rank ${suspect.rank}`}>
        {suspect.rank}
      </div>
      <div className="iq-suspect-body">
        <div className="iq-suspect-head">
          <h2>{isService ? suspect.service : suspect.name}</h2>
          <span className="iq-muted">{isService ? "service" : KIND_WORDS[suspect.kind]}</span>
          <LayerTag layer={suspect.layer} />
          {!isService && suspect.service !== null && (
            <span className="iq-muted">{suspect.service}</span>
          )}
          <div
            className="iq-suspect-score"
            role="meter"
            aria-label="Score relative to the first suspect"
            aria-valuemin={0}
            aria-valuemax={1}
            aria-valuenow={top === 0 ? 0 : suspect.score / top}
            title={`score ${number(suspect.score)}`}
          >
            <div style={{ width: `${top === 0 ? 0 : (suspect.score / top) * 100}%` }} />
          </div>
        </div>
        <p>
          <Sentence text={suspect.sentence} />
        </p>
        {onset !== null && (
          <p className="iq-muted">
            Began to move {timeWithZone(onset.at, zone)}
            {onset.to > onset.from && <> (within {duration(onset.to - onset.from)})</>}
          </p>
        )}
        <div className="iq-suspect-actions">
          <Button
            size="small"
            variant="minimal"
            aria-expanded={open}
            text={`${supports} for, ${contradicts} against, ${suspect.checks.length - supports - contradicts} open`}
            onClick={() => {
              setOpen(!open);
            }}
          />
          {suspect.kind !== "event" && suspect.kind !== "template" && (
            <Button
              size="small"
              variant="minimal"
              text="Show comparison"
              onClick={() => {
                selectColumn({ table: suspect.table, column: suspect.name });
                show("compare");
              }}
            />
          )}
          {onset !== null && (
            <Button
              size="small"
              variant="minimal"
              text="Show on timeline"
              onClick={() => {
                const width = Math.max((onset.to - onset.from) * 6, 6 * 3_600_000_000);
                setRange({ from: onset.at - width, to: onset.at + width });
                show("timeline");
              }}
            />
          )}
          <Button
            size="small"
            variant="minimal"
            icon={<PinIcon />}
            text="Pin as finding"
            disabled={readOnly}
            onClick={() => void pinSuspect(suspect)}
          />
        </div>
        {open && (
          <>
            {isService && <Signals signals={signals} />}
            <ul className="iq-checks">
              {suspect.checks.map((check) => (
                <CheckLine key={check.name} check={check} />
              ))}
            </ul>
          </>
        )}
      </div>
    </li>
  );
}

/** The series of a service that moved, each against what windows of the baseline reach. */
function Signals({ signals }: { signals: readonly SuspectSignal[] }) {
  const show = useView((s) => s.show);
  const selectColumn = useView((s) => s.selectColumn);
  return (
    <table className="iq-table iq-signals">
      <thead>
        <tr>
          <th>Series</th>
          <th>Signal</th>
          <th
            className="iq-num"
            title="Mean of the incident from the baseline's median, in noise units"
          >
            Moved by
          </th>
          <th className="iq-num" title="What windows as long inside the baseline reach">
            Usual
          </th>
          <th>Moved alike</th>
        </tr>
      </thead>
      <tbody>
        {signals.map((signal) => (
          <tr key={`${signal.table}/${signal.name}`}>
            <td>
              <button
                type="button"
                className="iq-link iq-clip"
                title={signal.name}
                onClick={() => {
                  selectColumn({ table: signal.table, column: signal.name });
                  show("compare");
                }}
              >
                {signal.name}
              </button>
            </td>
            <td>{SIGNAL_WORDS[signal.kind]}</td>
            <td className="iq-num">{`${signal.z > 0 ? "▲" : "▼"} ${number(Math.abs(signal.z))}`}</td>
            <td className="iq-num">{number(signal.usual)}</td>
            <td>{signal.explained_by ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SIGNAL_WORDS: Record<SuspectSignal["kind"], string> = {
  latency: "latency",
  error: "errors",
  traffic: "traffic",
  resource: "resource",
};

const CHECK_ICONS: Record<Check["result"], ReactNode> = {
  supports: <TickIcon size={14} />,
  contradicts: <CrossIcon size={14} />,
  unknown: <HelpIcon size={14} />,
};
const CHECK_WORDS: Record<Check["result"], string> = {
  supports: "speaks for it",
  contradicts: "speaks against it",
  unknown: "not known",
};

function CheckLine({ check }: { check: Check }) {
  return (
    <li data-result={check.result}>
      {CHECK_ICONS[check.result]}
      <span>
        <strong>{check.name.replaceAll("_", " ")}</strong>{" "}
        <span className="iq-visually-hidden">{CHECK_WORDS[check.result]}: </span>
        <Said text={check.why} />
      </span>
    </li>
  );
}
