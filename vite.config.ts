import react from "@vitejs/plugin-react";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";

/**
 * The window's own code is imported by an entry that also serves hidden runs:
 * without a hint the browser would learn of it, and then of what it imports,
 * only after the entry ran.
 */
const preloadWindow: Plugin = {
  name: "preload-window",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((c) => c.type === "chunk");
      const app = chunks.find((c) => c.facadeModuleId?.endsWith("/app/app.tsx"));
      const wanted = new Set(app === undefined ? [] : [app.fileName, ...app.imports]);
      for (const name of wanted) {
        for (const next of chunks.find((c) => c.fileName === name)?.imports ?? []) wanted.add(next);
      }
      return [...wanted]
        .filter((name) => !html.includes(name))
        .map((name): HtmlTagDescriptor => ({
          tag: "link",
          attrs: { rel: "modulepreload", crossorigin: true, href: `./${name}` },
          injectTo: "head",
        }));
    },
  },
};

// The content security policy forbids inline scripts and eval, and the pages are
// served from app://bundle by the main process: nothing may be inlined or polyfilled.
export default defineConfig({
  root: "renderer",
  base: "./",
  publicDir: false,
  plugins: [react(), preloadWindow],
  worker: { format: "es" },
  build: {
    outDir: "../dist/app/renderer",
    emptyOutDir: true,
    target: "chrome114",
    cssTarget: "chrome114",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8000,
    reportCompressedSize: false,
  },
});
