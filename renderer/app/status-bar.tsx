import { useCase } from "../state/case-store.ts";
import { useImports } from "../state/import-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { count } from "../widgets/format.ts";

const ENGINE_WORDS = {
  idle: "engine not started",
  starting: "engine warming up",
  ready: "engine ready",
  failed: "engine failed",
} as const;

export function StatusBar() {
  const engine = useSession((s) => s.engine);
  const busy = useSession((s) => s.busy);
  const opened = useCase((s) => s.opened);
  const state = useCase((s) => s.state);
  const zone = useView((s) => s.timezone);
  const running = useImports((s) =>
    s.pending.some((p) => p.phase.kind === "running" || p.phase.kind === "waiting"),
  );
  const idle = busy === null && !running;
  const dot =
    engine.state === "failed"
      ? "iq-dot-failed"
      : !idle
        ? "iq-dot-busy"
        : engine.state === "ready"
          ? "iq-dot-ready"
          : "";
  const rows = state?.evidence.reduce((sum, e) => sum + e.tableRows, 0) ?? 0;
  return (
    <footer className="iq-status" data-engine={engine.state} data-idle={idle}>
      <span title={engine.message}>
        <span className={`iq-dot ${dot}`} />
        {busy ?? (running ? "importing" : ENGINE_WORDS[engine.state])}
      </span>
      {state !== null && (
        <>
          <span>
            {count(state.evidence.length, "file")} · {count(rows, "row")}
          </span>
          <span className="iq-clip" title={opened?.path}>
            {opened?.path}
          </span>
          <span style={{ marginLeft: "auto" }}>times in {zone}</span>
        </>
      )}
      <span style={state === null ? { marginLeft: "auto" } : {}}>nothing leaves this machine</span>
    </footer>
  );
}
