import { expect, test } from "vitest";
import type { IpcMainInvokeEvent } from "electron";
import { registerServices, type Services } from "../../../electron/ipc/register.ts";
import { IPC } from "../../../shared/contract/ipc.ts";

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;

function registered(services: Partial<Services>): Map<string, Listener> {
  const listeners = new Map<string, Listener>();
  const ipcMain = {
    handle: (channel: string, listener: Listener) => listeners.set(channel, listener),
  };
  registerServices(ipcMain, services as Services, (url) => url === "app://bundle/");
  return listeners;
}

function from(url: string, parent: unknown = null): IpcMainInvokeEvent {
  return { senderFrame: { url, parent }, sender: {} } as never;
}

const services: Partial<Services> = {
  "recipe.read": ([{ path }]) => {
    if (path === "bug") throw new TypeError("a bug");
    throw Object.assign(new Error("no"), { code: "EACCES", path });
  },
  "app.samples": () => Promise.resolve([]),
};

test("every channel of the contract is registered", () => {
  expect([...registered({}).keys()].sort()).toEqual(Object.keys(IPC).sort());
});

test("only the application's own page is answered, and no frame in it", async () => {
  const call = registered(services).get("app.samples")!;
  expect(await call(from("app://bundle/"))).toEqual([]);
  await expect(call(from("https://example.org/"))).rejects.toThrow("not answered");
  await expect(call(from("app://bundle/", {}))).rejects.toThrow("not answered");
  await expect(call({ senderFrame: null } as never)).rejects.toThrow("not answered");
});

test("arguments that do not fit are refused; what the system refuses is a value; a bug rejects", async () => {
  const call = registered(services).get("recipe.read")!;
  const own = from("app://bundle/");
  await expect(call(own, { path: 1 })).rejects.toThrow("wrong arguments");
  await expect(call(own)).rejects.toThrow("wrong arguments");
  await expect(call(own, { path: "bug" })).rejects.toThrow("a bug");
  expect(await call(own, { path: "/r.yaml" })).toEqual({
    ok: false,
    error: {
      kind: "permission",
      message: "/r.yaml may not be accessed by this user.",
      path: "/r.yaml",
    },
  });
});
