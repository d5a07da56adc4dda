// Test projects, from fast to slow; test/run.ts runs them in this order.
import { defineConfig } from "vitest/config";

const alias = { typescript: "@typescript/typescript6" };
const inline = { server: { deps: { inline: ["ts-blank-space"] } } };

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["engine/**/*.test.ts", "kernel/**/*.test.ts", "extension/**/*.test.ts"],
          ...inline,
        },
      },
      {
        resolve: { alias },
        test: { name: "reference", include: ["test/reference/**/*.test.ts", "test/gradients/**/*.test.ts"], ...inline },
      },
      { test: { name: "wire", include: ["test/wire/**/*.test.ts"], testTimeout: 60_000, fileParallelism: false } },
      {
        test: {
          name: "notebooks",
          include: ["test/notebooks/**/*.test.ts"],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "workbench",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
