import { Button, ProgressBar } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type { StackChange } from "../../../../shared/model/log-comparison.ts";
import { pinStack } from "../../../data/log-actions.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { count, integer, timeWithZone } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";

const KIND_WORDS: Record<StackChange["kind"], string> = {
  new: "new",
  vanished: "vanished",
  burst: "more often",
  level_shift: "more often",
  thinned: "thinned",
  steady: "as before",
};

/** Stack traces of both windows, one row for all that differ only in line numbers. */
export function StackList({ input }: { input: LogsInput }) {
  const asked = useAnalysis("compareStacks", input);
  if (asked.isError)
    return <p className="iq-log-changes-wait">Not compared: {asked.error.message}</p>;
  if (asked.data === undefined) {
    return (
      <div className="iq-log-changes-wait">
        <p>Looking for stack traces …</p>
        <ProgressBar />
      </div>
    );
  }
  const { stacks, lines, unread, sql } = asked.data;
  return (
    <div className="iq-pane iq-log-changes-page">
      {stacks.length === 0 ? (
        <p>
          No message of both windows holds a stack trace of Java, Python, Go, JavaScript or .NET.
        </p>
      ) : (
        stacks.map((s) => <Stack key={s.fingerprint} stack={s} sql={sql} />)
      )}
      {lines > 0 && (
        <p className="iq-muted">
          {count(lines, "line")} with a stack trace, folded by exception and the five innermost
          frames of own code{unread > 0 && `; ${integer(unread)} could not be read`}.
        </p>
      )}
      {sql !== "" && (
        <details className="iq-log-changes-method">
          <summary>SQL behind the stack traces</summary>
          <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of the stack traces">
            {sql}
          </pre>
        </details>
      )}
    </div>
  );
}

function Stack({ stack, sql }: { stack: StackChange; sql: string }) {
  const zone = useView((s) => s.timezone);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  return (
    <section className="iq-log-changes-stack" aria-label={stack.exception || "Stack trace"}>
      <header>
        <h3 className="iq-mono">
          {stack.exception === "" ? "(no exception named)" : stack.exception}
        </h3>
        <span className="iq-layer">{stack.language}</span>
        <VerdictTag verdict={stack.verdict} />
        <span className="iq-muted">{KIND_WORDS[stack.kind]}</span>
        <span className="iq-log-changes-stack-counts">
          <WindowMark which="baseline" />
          {integer(stack.baseline)} → <WindowMark which="incident" />
          {integer(stack.incident)}
        </span>
        <Button
          size="small"
          variant="minimal"
          icon={<PinIcon />}
          text="Pin"
          disabled={readOnly}
          onClick={() => void pinStack(stack, sql)}
        />
      </header>
      <ol className="iq-mono">
        {stack.frames.map((frame, k) => (
          <li key={`${String(k)}/${frame}`}>{frame}</li>
        ))}
      </ol>
      <p className="iq-muted">
        {stack.services.length > 0 && `${stack.services.join(", ")} · `}
        {timeWithZone(stack.first, zone)} to {timeWithZone(stack.last, zone)}
      </p>
      <details>
        <summary>
          Example: {stack.example.evidenceId} line {integer(stack.example.line)}
        </summary>
        <pre className="iq-mono iq-sql" tabIndex={0} aria-label="Example of the stack trace">
          {stack.example.text}
        </pre>
      </details>
    </section>
  );
}
