import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  FormGroup,
  HTMLSelect,
  InputGroup,
} from "@blueprintjs/core";
import { useState } from "react";
import { createCase } from "../data/case-actions.ts";
import { BUILT_IN_GUIDES, startGuide } from "../data/guides.ts";
import { useSession } from "../state/session-store.ts";

/** Asks for the name; the place is asked by the system's own dialog. */
export function NewCaseDialog() {
  const open = useSession((s) => s.newCaseOpen);
  const dropped = useSession((s) => s.droppedPaths);
  const set = useSession((s) => s.set);
  const [name, setName] = useState("");
  const [guideId, setGuideId] = useState("");
  const close = () => {
    set({ newCaseOpen: false, droppedPaths: [] });
  };
  const trimmed = name.trim();
  const create = async () => {
    if (trimmed === "") return;
    set({ newCaseOpen: false });
    if (!(await createCase(trimmed, null))) {
      set({ newCaseOpen: true });
      return;
    }
    setName("");
    const guide = BUILT_IN_GUIDES.find((g) => g.id === guideId);
    if (guide !== undefined) await startGuide(guide);
  };
  return (
    <Dialog isOpen={open} onClose={close} title="New case" style={{ width: 440 }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void create();
        }}
      >
        <DialogBody>
          <FormGroup
            label="Name"
            labelFor="new-case-name"
            helperText={`A folder ${trimmed === "" ? "NAME" : trimmed}.inquest is made where you choose. Evidence stays where it is and is never altered.`}
          >
            <InputGroup
              id="new-case-name"
              autoFocus
              value={name}
              placeholder="checkout-ctr-drop"
              onValueChange={setName}
            />
          </FormGroup>
          <FormGroup
            label="Guide"
            labelFor="new-case-guide"
            helperText="A path with the questions of the field; it can be left at any time."
          >
            <HTMLSelect
              id="new-case-guide"
              fill
              value={guideId}
              onChange={(e) => {
                setGuideId(e.currentTarget.value);
              }}
            >
              <option value="">Without a guide</option>
              {BUILT_IN_GUIDES.map((guide) => (
                <option key={guide.id} value={guide.id}>
                  {guide.title}
                </option>
              ))}
            </HTMLSelect>
          </FormGroup>
          {dropped.length > 0 && (
            <p className="iq-muted">
              {dropped.length} dropped {dropped.length === 1 ? "file" : "files"} will be previewed
              next.
            </p>
          )}
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button text="Cancel" onClick={close} />
              <Button
                type="submit"
                intent="primary"
                text="Choose folder…"
                disabled={trimmed === ""}
              />
            </>
          }
        />
      </form>
    </Dialog>
  );
}
