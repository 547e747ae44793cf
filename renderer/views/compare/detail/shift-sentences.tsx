import { Fragment } from "react";
import type { Shift } from "../../../../shared/model/shift.ts";
import { Said, Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag } from "../../../widgets/tags.tsx";

const SHOWN = 6;

/** What changed, strongest first, each with the facts to check it against. */
export function ShiftSentences({ shifts }: { shifts: readonly Shift[] }) {
  const changed = shifts.filter((s) => s.verdict !== "none").sort((a, b) => b.score - a.score);
  if (changed.length === 0) {
    return <p className="iq-muted iq-no-shift">No change beyond the thresholds.</p>;
  }
  const facts = newFacts(changed);
  return (
    <ul className="iq-sentences iq-shift-sentences">
      {changed.map((shift) => (
        <li key={shift.id}>
          <VerdictTag verdict={shift.verdict} />
          <div>
            <Sentence text={shift.sentence} />
            <Facts facts={facts.get(shift.id) ?? []} />
          </div>
        </li>
      ))}
    </ul>
  );
}

type FactsOfShift = NonNullable<Shift["facts"]>;

/** What shifts of one column have in common stands under the first of them. */
function newFacts(shifts: readonly Shift[]): Map<string, FactsOfShift> {
  const told = new Set<string>();
  return new Map(
    shifts.map((shift) => {
      const facts = (shift.facts ?? []).filter((f) => !told.has(`${f.name}\n${f.value}`));
      for (const fact of facts) told.add(`${fact.name}\n${fact.value}`);
      return [shift.id, facts] as const;
    }),
  );
}

function Facts({ facts }: { facts: FactsOfShift }) {
  if (facts.length === 0) return null;
  const rest = facts.slice(SHOWN);
  return (
    <>
      <FactList facts={facts.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details className="iq-shift-more">
          <summary>{rest.length} more</summary>
          <FactList facts={rest} />
        </details>
      )}
    </>
  );
}

function FactList({ facts }: { facts: FactsOfShift }) {
  return (
    <dl className="iq-facts iq-shift-facts">
      {facts.map((fact, k) => (
        <Fragment key={`${fact.name}/${String(k)}`}>
          <dt>
            <Said text={fact.name} />
          </dt>
          <dd>
            <Said text={fact.value} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
