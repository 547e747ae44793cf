import { Dialog, DialogBody } from "@blueprintjs/core";
import { keyName, LOG_KEYS } from "../../state/log-keys.ts";

/** The keys of the view. */
export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} title="Keys in Logs" onClose={onClose} transitionDuration={0}>
      <DialogBody>
        <table className="iq-table iq-log-keys">
          <tbody>
            {LOG_KEYS.map(({ id, keys, title }) => (
              <tr key={id}>
                <td className="iq-nowrap">
                  {keys.map((key) => (
                    <kbd key={key}>{keyName(key)}</kbd>
                  ))}
                </td>
                <td>{title}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </DialogBody>
    </Dialog>
  );
}
