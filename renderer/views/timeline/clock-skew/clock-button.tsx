import { Button, Dialog, DialogBody } from "@blueprintjs/core";
import { useState } from "react";
import { useTables } from "../../../data/queries.ts";
import { ClockSkewPanel } from "./clock-skew-panel.tsx";

/** Opens the clocks of the files, held against each other. */
export function ClockButton() {
  const tables = useTables();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="small"
        text="Clocks…"
        title="Whether the clocks of the files agree, and by how much they do not"
        onClick={() => {
          setOpen(true);
        }}
      />
      <Dialog
        isOpen={isOpen}
        title="Clocks of the files"
        onClose={() => {
          setOpen(false);
        }}
        style={{ width: 860 }}
        transitionDuration={0}
      >
        <DialogBody>
          <ClockSkewPanel tables={tables} />
        </DialogBody>
      </Dialog>
    </>
  );
}
