/** Requests with numbered answers over a worker or a port: the window's end of `contract/worker.ts`. */
export interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

type Reply<E> =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: E }
  | { readonly id: number; readonly bug: string }
  | { readonly id: number; readonly progress: unknown };

interface Waiting<E> {
  readonly resolve: (answer: { ok: true; value: unknown } | { ok: false; error: E }) => void;
  readonly reject: (bug: Error) => void;
  readonly onProgress: ((progress: unknown) => void) | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: unknown) => void) | undefined;
  readonly transfer?: Transferable[] | undefined;
}

/** Sends requests and matches answers; a bug on the other side rejects, an expected failure is a value. */
export class RpcClient<Request, E> {
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting<E>>();

  constructor(private readonly channel: Channel) {
    channel.onmessage = ({ data }: MessageEvent<Reply<E>>) => {
      this.#receive(data);
    };
  }

  call(
    request: Request,
    options: CallOptions = {},
  ): Promise<{ ok: true; value: unknown } | { ok: false; error: E }> {
    const id = this.#nextId++;
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.channel.postMessage({ cancel: id }, []);
      };
      const settle = () => {
        signal?.removeEventListener("abort", cancel);
      };
      this.#waiting.set(id, {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (bug) => {
          settle();
          reject(bug);
        },
        onProgress: options.onProgress,
      });
      this.channel.postMessage({ id, request }, options.transfer ?? []);
      if (signal?.aborted === true) cancel();
      else signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  /** Fails everything that still waits: the other side is gone. */
  fail(message: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(message));
    this.#waiting.clear();
  }

  #receive(reply: Reply<E>): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ("progress" in reply) {
      waiting.onProgress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ("bug" in reply) waiting.reject(new Error(reply.bug));
    else
      waiting.resolve(
        reply.ok ? { ok: true, value: reply.value } : { ok: false, error: reply.error },
      );
  }
}
