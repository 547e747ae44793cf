import { InputGroup, ProgressBar, SegmentedControl } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import { SWEEP_AREAS, type SweepArea, type SweepItem } from "../../../../shared/model/reasoning.ts";
import { sweepState, type SweepQuestion } from "../../../../shared/reasoning/sweep-questions.ts";
import { AdvisedText } from "../../../data/advised-text.tsx";
import { changeItem, newItemId, removeItem, setItem } from "../../../data/items.ts";
import { CiteFindings } from "../cite-findings.tsx";
import { RemoveButton } from "../panel-parts.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import "./sweep.css";

const AREA_NAMES: Readonly<Record<SweepArea, string>> = {
  people: "People",
  process: "Process",
  product: "Product",
  platform: "Platform",
};
const STATES: readonly { readonly value: SweepItem["state"]; readonly label: string }[] = [
  { value: "open", label: "Open" },
  { value: "nothing", label: "Nothing" },
  { value: "something", label: "Something" },
  { value: "not applicable", label: "N/A" },
];

/** What has been looked at and what has not, so that nobody mistakes silence for absence. */
export function SweepPanel() {
  const stored = useItems("sweep");
  const readOnly = useReadOnly();
  const sweep = useMemo(() => sweepState(stored), [stored]);
  return (
    <div className="iq-reasoning-page">
      <p className="iq-muted">
        Go through people, process, product and platform, and say of each question whether something
        was found, nothing was, or nobody has looked. The report lists all of them.
      </p>
      {sweep.warnings.length > 0 && (
        <ul className="iq-sweep-warnings" aria-label="What is missing">
          {sweep.warnings.map((w) => (
            <li key={w}>{w}</li>
          ))}
        </ul>
      )}
      <div className="iq-sweep">
        {SWEEP_AREAS.map((area) => {
          const { looked, of } = sweep.byArea[area];
          return (
            <section key={area} aria-label={AREA_NAMES[area]}>
              <h2>
                {AREA_NAMES[area]}{" "}
                <span className="iq-muted">
                  {looked} of {of} looked at
                </span>
              </h2>
              <ProgressBar
                animate={false}
                stripes={false}
                value={of === 0 ? 1 : looked / of}
                className="iq-sweep-bar"
                aria-label={`${AREA_NAMES[area]}: questions looked at`}
              />
              <ul>
                {sweep.questions
                  .filter((q) => q.area === area)
                  .map((question) => (
                    <Question key={question.id} question={question} readOnly={readOnly} />
                  ))}
              </ul>
              <AddQuestion area={area} readOnly={readOnly} />
            </section>
          );
        })}
      </div>
    </div>
  );
}

function Question({ question, readOnly }: { question: SweepQuestion; readOnly: boolean }) {
  const { usual, ...item } = question;
  const save = (change: Partial<SweepItem>) => {
    void changeItem("sweep", item.id, (now) => ({ ...now, ...change }), item);
  };
  return (
    <li className="iq-sweep-question" data-state={item.state}>
      <div className="iq-sweep-head">
        <span>{item.question}</span>
        {!usual && (
          <RemoveButton
            label={`Remove “${item.question}”`}
            readOnly={readOnly}
            onRemove={() => void removeItem("sweep", item.id)}
          />
        )}
      </div>
      <SegmentedControl
        size="small"
        disabled={readOnly}
        aria-label={item.question}
        options={[...STATES]}
        value={item.state}
        onValueChange={(value) => {
          const state = STATES.find((s) => s.value === value)?.value;
          if (state !== undefined) save({ state });
        }}
      />
      {(item.state === "something" || item.state === "nothing") && (
        <div className="iq-sweep-note">
          <AdvisedText
            draftKey={`item/sweep/${item.id}/note`}
            label={`What came of “${item.question}”`}
            value={item.note}
            placeholder={item.state === "something" ? "What was found?" : "What was looked at?"}
            multiline
            readOnly={readOnly}
          />
          <CiteFindings
            cited={item.findingIds}
            readOnly={readOnly}
            subject={`“${item.question}”`}
            onChange={(findingIds) => {
              save({ findingIds });
            }}
          />
        </div>
      )}
    </li>
  );
}

function AddQuestion({ area, readOnly }: { area: SweepArea; readOnly: boolean }) {
  const [text, setText] = useState("");
  const add = () => {
    const question = text.trim();
    if (question === "") return;
    setText("");
    const item = {
      id: newItemId(),
      area,
      question,
      state: "open" as const,
      note: "",
      findingIds: [],
    };
    void setItem({ collection: "sweep", item });
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        add();
      }}
    >
      <InputGroup
        size="small"
        aria-label={`Add a question about ${area}`}
        placeholder="Add a question, Enter"
        value={text}
        disabled={readOnly}
        onValueChange={setText}
      />
    </form>
  );
}
