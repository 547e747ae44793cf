import { Button, Dialog, DialogBody } from "@blueprintjs/core";
import { useRef, useState } from "react";
import type { Guide } from "../../../shared/model/guide.ts";
import { BUILT_IN_GUIDES, guideFromFile, startGuide } from "../../data/guides.ts";
import { useCase } from "../../state/case-store.ts";
import { useSession } from "../../state/session-store.ts";
import "./guide.css";

/** The choice of a guided path, or of a file with one of one's own. */
export default function GuideDialog() {
  const set = useSession((s) => s.set);
  const locked = useCase((s) => s.locked);
  const current = useCase((s) => s.state?.guide?.id ?? null);
  const [trouble, setTrouble] = useState<readonly string[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const close = () => {
    set({ guidesOpen: false });
  };
  const choose = async (guide: Guide) => {
    if (await startGuide(guide)) close();
  };
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      await choose(await guideFromFile(file));
    } catch (thrown) {
      setTrouble((thrown instanceof Error ? thrown.message : String(thrown)).split("\n"));
    }
  };
  return (
    <Dialog isOpen title="Guides" style={{ width: 620 }} onClose={close} transitionDuration={0}>
      <DialogBody>
        <p className="iq-muted">
          A guide is a path with the questions of the field beside your work. Leave it at any time;
          what you did stays.
        </p>
        <ul className="iq-guide-choice" aria-label="Guides">
          {BUILT_IN_GUIDES.map((guide) => (
            <li key={guide.id}>
              <div>
                <strong>{guide.title}</strong>
                <span className="iq-muted">
                  {guide.description} {guide.steps.length} steps.
                </span>
              </div>
              <Button
                text={current === guide.id ? "Chosen" : "Begin"}
                aria-label={`Begin ${guide.title}`}
                disabled={locked || current === guide.id}
                onClick={() => void choose(guide)}
              />
            </li>
          ))}
        </ul>
        <input
          ref={input}
          type="file"
          hidden
          accept=".yaml,.yml,.json"
          aria-label="File with a guide"
          onChange={(e) => {
            void read(e.currentTarget.files?.[0]);
            e.currentTarget.value = "";
          }}
        />
        <Button
          text="A guide of your own (YAML or JSON)…"
          disabled={locked}
          onClick={() => {
            input.current?.click();
          }}
        />
        {trouble.length > 0 && (
          <ul role="alert" className="iq-guide-trouble">
            {trouble.slice(0, 8).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </DialogBody>
    </Dialog>
  );
}
