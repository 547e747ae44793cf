import {
  IPC,
  IPC_EVENTS,
  type InquestBridge,
  type IpcArgs,
  type IpcChannel,
  type IpcEvent,
  type IpcEventData,
  type IpcResult,
} from "../../shared/contract/ipc.ts";

declare global {
  interface Window {
    readonly inquest: InquestBridge;
  }
}

/** Asks the main process; the answer is checked against the contract. */
export async function ipc<C extends IpcChannel>(
  channel: C,
  ...args: IpcArgs<C>
): Promise<IpcResult<C>> {
  const answer = await window.inquest.invoke(channel, ...args);
  return IPC[channel].result.parse(answer) as IpcResult<C>;
}

/** Listens to the main process; returns the function that stops listening. */
export function onIpc<E extends IpcEvent>(
  event: E,
  listener: (data: IpcEventData<E>) => void,
): () => void {
  return window.inquest.on(event, (data) => {
    listener(IPC_EVENTS[event].parse(data) as IpcEventData<E>);
  });
}
