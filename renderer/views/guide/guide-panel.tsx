import { Button, Checkbox, ProgressBar } from "@blueprintjs/core";
import { ArrowRightIcon, CrossIcon, TickCircleIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { GuideAnswer } from "../../../shared/model/reasoning.ts";
import { guideProgress, type StepProgress } from "../../../shared/guides/progress.ts";
import { DraftText } from "../../data/draft-text.tsx";
import { leaveGuide } from "../../data/guides.ts";
import { changeItem } from "../../data/items.ts";
import { useCase } from "../../state/case-store.ts";
import { goTo } from "../../state/view-store.ts";
import "./guide.css";

/** The guided path beside the work: where one is, what to ask, and the way there. */
export default function GuidePanel() {
  const state = useCase((s) => s.state);
  const locked = useCase((s) => s.locked);
  const progress = useMemo(
    () => (state?.guide == null ? null : guideProgress(state.guide, state)),
    [state],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  if (state?.guide == null || progress === null) return null;
  const { guide } = state;
  const openId = chosen ?? progress.steps[progress.next ?? 0]?.step.id ?? null;
  return (
    <aside className="iq-guide" aria-label={`Guide: ${guide.title}`}>
      <div className="iq-guide-head">
        <h2>{guide.title}</h2>
        <Button
          size="small"
          variant="minimal"
          icon={<CrossIcon />}
          aria-label="Leave the guide"
          title="Leave the guide; your answers stay in the case"
          disabled={locked}
          onClick={() => void leaveGuide()}
        />
      </div>
      <ProgressBar
        animate={false}
        stripes={false}
        value={progress.done / progress.steps.length}
        aria-label="Steps done"
      />
      <p className="iq-muted">
        {progress.done} of {progress.steps.length} steps
      </p>
      <ol className="iq-guide-steps">
        {progress.steps.map((s) => (
          <Step
            key={s.step.id}
            progress={s}
            open={s.step.id === openId}
            readOnly={locked}
            onOpen={() => {
              setChosen(s.step.id === openId ? "" : s.step.id);
            }}
          />
        ))}
      </ol>
    </aside>
  );
}

interface StepProps {
  readonly progress: StepProgress;
  readonly open: boolean;
  readonly readOnly: boolean;
  readonly onOpen: () => void;
}

function Step({ progress, open, readOnly, onOpen }: StepProps) {
  const { step, done, seen, note } = progress;
  const answer = (change: Partial<GuideAnswer>) => {
    const blank: GuideAnswer = { id: step.id, done: false, note: "" };
    void changeItem("answers", step.id, (now) => ({ ...now, ...change }), blank);
  };
  return (
    <li data-done={done}>
      <button type="button" className="iq-guide-title" aria-expanded={open} onClick={onOpen}>
        {done ? <TickCircleIcon title="done" /> : <span className="iq-guide-open" />}
        {step.title}
      </button>
      {open && (
        <div className="iq-guide-body">
          {step.text !== "" && <p>{step.text}</p>}
          {step.questions.length > 0 && (
            <ul>
              {step.questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ul>
          )}
          <StepNote
            id={step.id}
            title={step.title}
            note={note}
            readOnly={readOnly}
            onBegin={answer}
          />
          <div className="iq-guide-actions">
            <Button
              size="small"
              intent="primary"
              variant="outlined"
              endIcon={<ArrowRightIcon />}
              text="Go there"
              onClick={() => {
                goTo(step.where);
              }}
            />
            <Checkbox
              label={seen ? "Done: the case shows it" : "Done"}
              checked={done}
              disabled={readOnly || seen}
              onChange={() => {
                answer({ done: !done });
              }}
            />
          </div>
        </div>
      )}
    </li>
  );
}

interface StepNoteProps {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly readOnly: boolean;
  readonly onBegin: (change: Partial<GuideAnswer>) => void;
}

/** The note has a place in the journal from the first look at it on. */
function StepNote({ id, title, note, readOnly, onBegin }: StepNoteProps) {
  const isKept = useCase((s) => s.state?.items.answers.some((a) => a.id === id) === true);
  if (!isKept) {
    return (
      <Button
        size="small"
        variant="minimal"
        text="Write an answer"
        disabled={readOnly}
        onClick={() => {
          onBegin({});
        }}
      />
    );
  }
  return (
    <DraftText
      draftKey={`item/answers/${id}/note`}
      label={`Answers to “${title}”`}
      value={note}
      placeholder="What you found out"
      multiline
      readOnly={readOnly}
    />
  );
}
