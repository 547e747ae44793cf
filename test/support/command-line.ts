import { spawn } from "node:child_process";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The application as a person starts it from the command line. */
export function inquest(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ["electron/dev/start.mjs", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (ended.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (ended.stderr += data.toString()));
  return new Promise((done) =>
    child.once("close", (code) => {
      done({ code, ...ended });
    }),
  );
}
