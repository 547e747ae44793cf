import { createServer, type Server } from "node:http";
import { createSocket, type Socket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { cleanUp, launch, type Launched } from "../support/app.ts";

/** A listener on this machine counts everything that gets out of the window, over TCP and UDP. */
let http: Server;
let udp: Socket;
let tcpHits = 0;
let udpHits = 0;
let port = 0;
let udpPort = 0;
let launched: Launched;

test.beforeAll(async () => {
  http = createServer((_, response) => {
    tcpHits += 1;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end("reached");
  });
  http.on("connection", () => {
    tcpHits += 1;
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  port = (http.address() as AddressInfo).port;
  udp = createSocket("udp4");
  udp.on("message", () => {
    udpHits += 1;
  });
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  udpPort = udp.address().port;
  launched = await launch();
});

test.afterAll(async () => {
  await launched.close();
  http.close();
  udp.close();
  cleanUp(launched);
});

test("the listener can be reached at all", async () => {
  const before = tcpHits;
  await fetch(`http://127.0.0.1:${port}/`);
  expect(tcpHits).toBeGreaterThan(before);
  tcpHits = 0;
});

const ATTEMPTS: Record<string, (port: number) => Promise<string>> = {
  fetch: async (p) => (await fetch(`http://127.0.0.1:${p}/fetch`)).text(),
  XMLHttpRequest: (p) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", `http://127.0.0.1:${p}/xhr`);
      request.onload = () => {
        resolve(request.responseText);
      };
      request.onerror = () => {
        reject(new Error("refused"));
      };
      request.send();
    }),
  WebSocket: (p) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${p}/ws`);
      socket.onopen = () => {
        resolve("open");
      };
      socket.onerror = () => {
        reject(new Error("refused"));
      };
    }),
  image: (p) =>
    new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => {
        resolve("loaded");
      };
      image.onerror = () => {
        reject(new Error("refused"));
      };
      image.src = `http://127.0.0.1:${p}/pixel.png`;
    }),
  beacon: (p) =>
    navigator.sendBeacon(`http://127.0.0.1:${p}/beacon`, "x")
      ? new Promise((_, reject) => {
          setTimeout(() => {
            reject(new Error("queued"));
          }, 300);
        })
      : Promise.reject(new Error("refused")),
  script: (p) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.onload = () => {
        resolve("loaded");
      };
      script.onerror = () => {
        reject(new Error("refused"));
      };
      script.src = `http://127.0.0.1:${p}/script.js`;
      document.head.append(script);
    }),
};

for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  test(`${name} does not get out`, async () => {
    const outcome = await launched.page.evaluate(
      ([source, p]) =>
        // Compiled here by the test driver, outside the page's policy.
        (0, eval)(`(${source})(${p})`).then(
          (value: string) => `reached: ${value}`,
          (error: Error) => `stopped: ${error.message}`,
        ) as Promise<string>,
      [attempt.toString(), port] as const,
    );
    expect(outcome).toMatch(/^stopped/);
    expect(tcpHits).toBe(0);
  });
}

test("WebRTC gathers no candidate that leaves the machine", async () => {
  const candidates = await launched.page.evaluate(async (p) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${p}` }] });
    const found: string[] = [];
    peer.onicecandidate = (e) => {
      if (e.candidate) found.push(e.candidate.candidate);
    };
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise<void>((resolve) => {
      const done = () => {
        if (peer.iceGatheringState === "complete") resolve();
      };
      peer.onicegatheringstatechange = done;
      done();
    });
    peer.close();
    return found;
  }, udpPort);
  expect(candidates.filter((c) => c.includes(" srflx "))).toEqual([]);
  expect(udpHits).toBe(0);
});

test("DNS prefetch resolves nothing: no name can be looked up", async () => {
  const error = await launched.app.evaluate(async ({ session }) => {
    const resolver = session.defaultSession as unknown as {
      resolveHost?: (host: string) => Promise<{ endpoints: unknown[] }>;
    };
    if (resolver.resolveHost === undefined) return "no resolver in this Electron";
    try {
      const { endpoints } = await resolver.resolveHost("localhost.example.com");
      return `resolved ${endpoints.length}`;
    } catch (thrown) {
      return `failed: ${String(thrown)}`;
    }
  });
  expect(error).not.toMatch(/^resolved [1-9]/);
});

test("the page has no Node and no way around the bridge", async () => {
  const seen = await launched.page.evaluate(() => ({
    node: typeof (globalThis as Record<string, unknown>)["require"],
    process: typeof (globalThis as Record<string, unknown>)["process"],
    bridge: Object.keys(window.inquest).sort(),
    isolated: crossOriginIsolated,
  }));
  expect(seen).toEqual({
    node: "undefined",
    process: "undefined",
    bridge: ["invoke", "on", "pathsOf"],
    isolated: true,
  });
});

test("the bridge refuses what the contract does not know", async () => {
  const refusals = await launched.page.evaluate(async () => {
    const bridge = window.inquest as unknown as {
      invoke: (c: string, ...a: unknown[]) => Promise<unknown>;
    };
    const attempt = (c: string, ...a: unknown[]) =>
      bridge.invoke(c, ...a).then(
        () => "answered",
        () => "refused",
      );
    return [
      await attempt("shell.run", "id"),
      await attempt("case.append", { path: 1, events: "x" }),
      await attempt("recipe.read"),
    ];
  });
  expect(refusals).toEqual(["refused", "refused", "refused"]);
});

// Last: the test driver waits for the refused navigation as long as this page lives.
test("a new window, a navigation and a form are refused", async () => {
  const { page, app } = launched;
  const opened = await page.evaluate(
    (p) => window.open(`http://127.0.0.1:${p}/window`) === null,
    port,
  );
  expect(opened).toBe(true);
  await page.evaluate((p) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = `http://127.0.0.1:${p}/form`;
    document.body.append(form);
    form.submit();
    location.href = `http://127.0.0.1:${p}/navigate`;
  }, port);
  const after = await app.evaluate(async ({ BrowserWindow }) => {
    const windows = BrowserWindow.getAllWindows();
    const contents = windows[0]?.webContents;
    return {
      windows: windows.length,
      url: contents?.getURL(),
      alive: (await contents?.executeJavaScript(
        "document.querySelector('.iq-shell') !== null",
      )) as unknown,
    };
  });
  expect(after).toMatchObject({ windows: 1, alive: true });
  expect(after.url).toMatch(/^app:\/\/bundle\//);
  expect(tcpHits).toBe(0);
});
