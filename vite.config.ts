import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** DuckDB's package says of all its files that importing them does nothing; its worker sets itself up. */
const duckdbWorker: Plugin = {
  name: "duckdb-worker",
  transform: {
    filter: { id: /duckdb-browser-eh\.worker\.js$/ },
    handler: () => ({ moduleSideEffects: true }),
  },
};

// The content security policy forbids inline scripts and eval, and the pages are
// served from app://bundle by the main process: nothing may be inlined or polyfilled.
export default defineConfig({
  root: "renderer",
  base: "./",
  publicDir: false,
  plugins: [react()],
  worker: {
    format: "es",
    plugins: () => [duckdbWorker],
    rolldownOptions: { checks: { eval: false } },
  },
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
