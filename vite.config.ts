import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The content security policy forbids inline scripts and eval, and the pages are
// served from app://bundle by the main process: nothing may be inlined or polyfilled.
export default defineConfig({
  root: "renderer",
  base: "./",
  publicDir: false,
  plugins: [react()],
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
