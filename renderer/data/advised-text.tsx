import { Button } from "@blueprintjs/core";
import { useMemo } from "react";
import { adviseWording, withOffer } from "../../shared/reasoning/blameless.ts";
import { useCase } from "../state/case-store.ts";
import { DraftText, type DraftTextProps } from "./draft-text.tsx";

/** Pieces of advice at once: more would be a wall. */
const MOST = 3;

/** A text field that points out wording which blames, and offers neutral words; it never blocks. */
export function AdvisedText(props: DraftTextProps) {
  const { below, readOnly } = props;
  return (
    <DraftText
      {...props}
      below={(text, replace) => (
        <>
          {!readOnly && <WordingAdvice text={text} replace={replace} />}
          {below?.(text, replace)}
        </>
      )}
    />
  );
}

/** What blames in a text, with neutral words that take its place at a click. */
export function WordingAdvice({
  text,
  replace,
}: {
  text: string;
  replace: (next: string) => void;
}) {
  const listed = useCase((s) => s.state?.redactionNames ?? NONE);
  const actions = useCase((s) => s.state?.items.actions ?? NONE);
  const advice = useMemo(() => {
    const owners = actions.map((a) => a.owner).filter((o) => /\s/.test(o.trim()));
    return adviseWording(text, [...new Set([...listed, ...owners])]);
  }, [text, listed, actions]);
  if (advice.length === 0) return null;
  return (
    <ul className="iq-advice" aria-label="Advice on the wording" aria-live="polite">
      {advice.slice(0, MOST).map((a) => (
        <li key={`${a.start}/${a.found}`}>
          <span>
            <strong>“{a.found}”</strong> {a.why}
          </span>
          {a.offer !== null && (
            <Button
              size="small"
              variant="outlined"
              text={`Write “${a.offer}”`}
              onClick={() => {
                replace(withOffer(text, a));
              }}
            />
          )}
        </li>
      ))}
      {advice.length > MOST && <li>{advice.length - MOST} more below in the text.</li>}
    </ul>
  );
}

const NONE: never[] = [];
