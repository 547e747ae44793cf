import "@blueprintjs/core/lib/css/blueprint.css";
import "@blueprintjs/select/lib/css/blueprint-select.css";
import "./app/theme.css";
import "./app/shell.css";
import { z } from "zod";
import { createRoot } from "react-dom/client";

// The content security policy forbids compiled validators.
z.config({ jitless: true });

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

const query = new URLSearchParams(location.search);
if (query.has("headless")) {
  const { startHeadless } = await import("./headless/start.ts");
  await startHeadless();
} else {
  const { App } = await import("./app/app.tsx");
  createRoot(root).render(<App openPath={query.get("open")} />);
}
