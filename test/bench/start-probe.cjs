"use strict";
// Runs in the main process, required through NODE_OPTIONS: measures a start without a test
// driver, whose own attaching takes longer than the start does.
setImmediate(() => {
  const { app } = require("electron");
  app.on("web-contents-created", (_event, contents) => {
    contents.once("dom-ready", () => {
      void measure(contents);
    });
  });
});

async function measure(contents) {
  const button = await contents.executeJavaScript(`(async () => {
    const find = () => [...document.querySelectorAll("button")].find((b) => b.textContent === "New case…");
    while (find() === undefined || performance.getEntriesByName("inquest:first-view").length === 0)
      await new Promise((r) => setTimeout(r, 2));
    const { x, y, width, height } = find().getBoundingClientRect();
    return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  })()`);
  const at = { ...button, button: "left", clickCount: 1 };
  contents.sendInputEvent({ type: "mouseDown", ...at });
  contents.sendInputEvent({ type: "mouseUp", ...at });
  const times = await contents.executeJavaScript(`(async () => {
    const until = async (selector) => {
      while (document.querySelector(selector) === null) await new Promise(requestAnimationFrame);
      return Date.now();
    };
    const answered = await until('[role="dialog"]');
    const engine = await until('.iq-status[data-engine="ready"]');
    const { processStartedAt } = await window.inquest.invoke("app.info");
    const [mark] = performance.getEntriesByName("inquest:first-view");
    const drawn = performance.timeOrigin + mark.startTime;
    return [drawn, answered, engine].map((time) => time - processStartedAt);
  })()`);
  process.stdout.write(`\nstart times ${JSON.stringify(times)}\n`);
}
