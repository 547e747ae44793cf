import { useMemo } from "react";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type { LogComparison } from "../../../../shared/model/log-comparison.ts";
import { number } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag } from "../../../widgets/tags.tsx";
import { ChangeList } from "./change-list.tsx";
import { TemplateChangeDetail } from "./template-change-detail.tsx";

interface TemplatesPartProps {
  readonly input: LogsInput;
  readonly found: LogComparison;
  readonly picked: string | null;
  readonly onPick: (id: string) => void;
}

/** Templates by how they changed, and one of them in detail. */
export function TemplatesPart({ input, found, picked, onPick }: TemplatesPartProps) {
  const current = useMemo(
    () => found.templates.find((t) => t.id === picked) ?? found.templates[0] ?? null,
    [found, picked],
  );
  return (
    <div className="iq-split iq-log-changes-split">
      <div className="iq-pane">
        <ChangeList templates={found.templates} current={current?.id ?? null} onPick={onPick} />
        <Services found={found} />
        <Method found={found} />
      </div>
      <div className="iq-pane iq-log-changes-detail">
        {current === null ? (
          <p className="iq-muted">Neither window has a log message.</p>
        ) : (
          <TemplateChangeDetail key={current.id} input={input} found={found} change={current} />
        )}
      </div>
    </div>
  );
}

/** Services whose typical template changed: that is no news of one template. */
function Services({ found }: { found: LogComparison }) {
  const changed = found.services.filter((s) => s.verdict !== "none");
  if (changed.length === 0) return null;
  return (
    <section className="iq-log-changes-services" aria-label="Services that changed as a whole">
      <h3>Services that changed as a whole</h3>
      <ul>
        {changed.map((s) => (
          <li key={s.service ?? ""}>
            <VerdictTag verdict={s.verdict} /> <Sentence text={s.sentence} />.
          </li>
        ))}
      </ul>
    </section>
  );
}

function Method({ found }: { found: LogComparison }) {
  return (
    <details className="iq-log-changes-method">
      <summary>How templates are compared, and the SQL behind the counts</summary>
      <ul>
        <li>
          A change counts when the rate is twice (major: four times) as high or low, both per time
          and against what the other templates of its services did, with five (ten) lines or more.
        </li>
        <li>
          Its 99 % interval allows for bursts: the variance of the counts per{" "}
          {number(found.bucket / 1e6)} s in the baseline, at the time scale where it is largest. For
          major the nearer end must be twice or more, and the change larger than any that parts of
          the baseline show against the rest of it.
        </li>
        <li>
          The lines must be 0.1 % (major: 1 %) of those of its services, unless they are errors. The
          p-value, corrected over all templates, only confirms.
        </li>
        {found.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
      <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of the template counts">
        {found.sql}
      </pre>
    </details>
  );
}
