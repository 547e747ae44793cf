import { tableFromIPC, type Table } from "apache-arrow";
import { err, ok, type Result } from "../base/result.ts";
import type { Engine, EngineError, QueryOptions } from "../tables/engine.ts";
import { RpcClient, type Channel } from "./rpc.ts";
import type { EngineRequest } from "./worker.ts";

/** The engine seen from the other end of a port or worker. */
export class PortEngine implements Engine {
  protected readonly rpc: RpcClient<EngineRequest, EngineError>;

  constructor(channel: Channel) {
    this.rpc = new RpcClient(channel);
  }

  async query(sql: string, options: QueryOptions = {}): Promise<Result<Table, EngineError>> {
    const bytes = await this.queryBytes(sql, options);
    return bytes.ok ? ok(tableFromIPC(bytes.value)) : bytes;
  }

  /** The result as one Arrow IPC stream. */
  async queryBytes(
    sql: string,
    { signal, onProgress }: QueryOptions = {},
  ): Promise<Result<Uint8Array, EngineError>> {
    if (signal?.aborted === true) {
      return err({ kind: "cancelled", message: "The query was cancelled.", sql });
    }
    const answer = await this.rpc.call(
      { type: "query", sql, progress: onProgress !== undefined },
      {
        signal,
        onProgress:
          onProgress === undefined
            ? undefined
            : (p) => {
                onProgress(p as number);
              },
      },
    );
    return answer.ok ? ok(answer.value as Uint8Array) : answer;
  }

  async insertArrow(
    table: string,
    ipc: Uint8Array,
    options: { readonly create?: boolean } = {},
  ): Promise<Result<null, EngineError>> {
    const whole = ipc.byteLength === ipc.buffer.byteLength;
    const answer = await this.rpc.call(
      { type: "insert", table, ipc, create: options.create ?? false },
      whole && ipc.buffer instanceof ArrayBuffer ? { transfer: [ipc.buffer] } : {},
    );
    return answer.ok ? ok(null) : answer;
  }

  async checkpoint(): Promise<Result<null, EngineError>> {
    const answer = await this.rpc.call({ type: "checkpoint" });
    return answer.ok ? ok(null) : answer;
  }

  /** Gives the connection back; what is not committed is rolled back. */
  async end(): Promise<void> {
    await this.rpc.call({ type: "close" });
  }
}
