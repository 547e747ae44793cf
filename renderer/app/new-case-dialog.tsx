import { Button, Dialog, DialogBody, DialogFooter, FormGroup, InputGroup } from "@blueprintjs/core";
import { useState } from "react";
import { createCase } from "../data/case-actions.ts";
import { useSession } from "../state/session-store.ts";

/** Asks for the name; the place is asked by the system's own dialog. */
export function NewCaseDialog() {
  const open = useSession((s) => s.newCaseOpen);
  const dropped = useSession((s) => s.droppedPaths);
  const set = useSession((s) => s.set);
  const [name, setName] = useState("");
  const close = () => {
    set({ newCaseOpen: false, droppedPaths: [] });
  };
  const trimmed = name.trim();
  const create = async () => {
    if (trimmed === "") return;
    set({ newCaseOpen: false });
    if (await createCase(trimmed, null)) setName("");
    else set({ newCaseOpen: true });
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
