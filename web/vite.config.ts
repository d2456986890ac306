/* One script and one style sheet, which the program carries and writes into every report. */
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "madangReport", fileName: () => "report.js" },
    rollupOptions: { output: { assetFileNames: "report[extname]" } },
  },
});
