import type { IpcMain, IpcMainInvokeEvent, WebContents } from "electron";
import { IPC, type IpcArgs, type IpcChannel, type IpcResult } from "../../shared/contract/ipc.ts";
import { ipcErrorOf } from "../faults.ts";

/** Answers one channel. `sender` is the window that asks. Expected failures are thrown as faults. */
export type Handler<C extends IpcChannel> = (
  args: IpcArgs<C>,
  sender: WebContents,
) => Promise<IpcResult<C>>;

/** The handlers of all channels that begin with a prefix: `Service<"case">`. */
export type Service<Prefix extends string> = {
  readonly [C in IpcChannel as C extends `${Prefix}.${string}` ? C : never]: Handler<C>;
};

/** One handler for every channel of the contract. */
export type Services = { readonly [C in IpcChannel]: Handler<C> };

/**
 * Registers every channel of the contract. A call is answered only if it comes
 * from the application's own page and its arguments fit the contract.
 */
export function registerServices(
  ipcMain: Pick<IpcMain, "handle">,
  services: Services,
  isOwnPage: (url: string) => boolean,
): void {
  for (const channel of Object.keys(IPC) as IpcChannel[]) {
    const handler = services[channel] as Handler<IpcChannel>;
    const failure = failureShape(channel);
    ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      checkSender(channel, event, isOwnPage);
      const parsed = IPC[channel].args.safeParse(args);
      if (!parsed.success) {
        throw new Error(`${channel}: wrong arguments: ${parsed.error.message}`);
      }
      try {
        return await handler(parsed.data, event.sender);
      } catch (thrown) {
        const error = ipcErrorOf(thrown);
        if (error === null || !failure) throw thrown;
        return { ok: false, error };
      }
    });
  }
}

function checkSender(
  channel: IpcChannel,
  event: IpcMainInvokeEvent,
  isOwnPage: (url: string) => boolean,
): void {
  const frame = event.senderFrame;
  if (frame?.parent === null && isOwnPage(frame.url)) return;
  throw new Error(`${channel}: not answered for ${frame?.url ?? "a frame that is gone"}`);
}

/** True if the channel's contract has a place for an expected failure. */
function failureShape(channel: IpcChannel): boolean {
  const failure = { ok: false, error: { kind: "io", message: "" } };
  return IPC[channel].result.safeParse(failure).success;
}
