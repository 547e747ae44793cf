import { Button, ButtonGroup, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type { LogComparison } from "../../../../shared/model/log-comparison.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import type { TemplateEdit } from "../../../../shared/model/template-edit.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { EngineFailure, useAnalysis } from "../../../data/queries.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { count, integer } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { FollowerList } from "./follower-list.tsx";
import { ParameterList } from "./parameter-list.tsx";
import { StackList } from "./stack-list.tsx";
import { TemplatesPart } from "./templates-part.tsx";
import "./logs.css";

const NO_EDITS: readonly TemplateEdit[] = [];

const WAYS = [
  { id: "templates", title: "Templates" },
  { id: "parameters", title: "Parameters" },
  { id: "sequences", title: "Sequences" },
  { id: "stacks", title: "Stack traces" },
] as const;
type Way = (typeof WAYS)[number]["id"];

/** What the logs say differently in the incident: statements, their values, their order, stack traces. */
export function LogsPart({ tables }: { tables: readonly TableMeta[] }) {
  const windows = useWindowPair();
  const edits = useCase((s) => s.state?.templateEdits) ?? NO_EDITS;
  const show = useView((s) => s.show);
  const logs = tables.find((t) => t.name === "logs") ?? null;
  const input = useMemo(
    () => (logs === null || windows === null ? null : { logs, windows, edits }),
    [logs, windows, edits],
  );
  if (logs === null) {
    return (
      <EmptyState
        nested
        title="The case has no logs"
        action={
          <Button
            intent="primary"
            text="Add evidence"
            onClick={() => {
              show("evidence");
            }}
          />
        }
      >
        Add log files of the time before and during the incident: what they say is compared
        statement by statement.
      </EmptyState>
    );
  }
  if (input === null) {
    return (
      <EmptyState nested title="Mark the two windows">
        Log lines of the incident are compared with those of the baseline: mark both above.
      </EmptyState>
    );
  }
  return <ComparedLogs input={input} />;
}

function ComparedLogs({ input }: { input: LogsInput }) {
  const compared = useAnalysis("compareLogTemplates", input);
  const [way, setWay] = useState<Way>("templates");
  const [picked, setPicked] = useState<string | null>(null);
  if (compared.isError) {
    const detail = compared.error instanceof EngineFailure ? compared.error.detail : null;
    return (
      <EmptyState
        nested
        title="The logs could not be compared"
        action={<Button text="Try again" onClick={() => void compared.refetch()} />}
      >
        {compared.error.message}
        {detail !== null && <code className="iq-mono"> {detail.sql.slice(0, 400)}</code>}
      </EmptyState>
    );
  }
  if (compared.data === undefined) {
    return (
      <NonIdealState
        title="Comparing the log lines of both windows"
        description={<ProgressBar />}
      />
    );
  }
  const found = compared.data;
  if (found.skipped !== null) {
    return (
      <EmptyState nested title="The logs cannot be compared">
        <Sentence text={found.skipped} />. Choose other windows above.
      </EmptyState>
    );
  }
  const pick = (id: string): void => {
    setPicked(id);
    setWay("templates");
  };
  return (
    <div className="iq-log-changes">
      <header className="iq-log-changes-head">
        <p className="iq-log-changes-summary">
          <Summary found={found} />
        </p>
        <ButtonGroup className="iq-log-changes-ways">
          {WAYS.map(({ id, title }) => (
            <Button
              key={id}
              size="small"
              text={title}
              active={way === id}
              aria-pressed={way === id}
              onClick={() => {
                setWay(id);
              }}
            />
          ))}
        </ButtonGroup>
      </header>
      {way === "templates" && (
        <TemplatesPart input={input} found={found} picked={picked} onPick={setPicked} />
      )}
      {way === "parameters" && <ParameterList input={input} found={found} onPick={pick} />}
      {way === "sequences" && <FollowerList input={input} found={found} onPick={pick} />}
      {way === "stacks" && <StackList input={input} />}
    </div>
  );
}

function Summary({ found }: { found: LogComparison }) {
  const of = (verdict: string): number =>
    found.templates.filter((t) => t.verdict === verdict).length;
  const [major, minor] = [of("major"), of("minor")];
  return (
    <>
      {major + minor === 0
        ? `None of ${count(found.templates.length, "template")} changed beyond what it does in the baseline`
        : `${integer(major)} major and ${integer(minor)} minor changes among ${count(found.templates.length, "template")}`}
      <span className="iq-muted">
        {" "}
        · {count(found.baseline.lines, "line")} in the baseline, {integer(found.incident.lines)} in
        the incident
      </span>
    </>
  );
}
