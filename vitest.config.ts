// Test projects, from fast to slow; test/run.ts runs them in this order.
import { defineConfig } from "vitest/config";

/** What the engine's tests start with. */
const setupFiles = ["test/engine-backend.ts"];

/** A program that plays a GPU is a hundred times as slow as one. */
const testTimeout = process.env.LECTERN_DEVICE === "webgpu" ? 100_000 : 5_000;

const alias = { typescript: "@typescript/typescript6" };
const inline = { server: { deps: { inline: ["ts-blank-space"] } } };

/** Tests that start real processes: one file after the other, with time to do so. */
const slow = (name: string, folder = name) => ({
  test: {
    name,
    include: [`test/${folder}/**/*.test.ts`],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["engine/**/*.test.ts", "kernel/**/*.test.ts", "extension/**/*.test.ts", "test/bench/*.test.ts"],
          setupFiles,
          testTimeout,
          ...inline,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "reference",
          include: ["test/{reference,gradients,accuracy}/**/*.test.ts"],
          setupFiles,
          testTimeout,
          ...inline,
        },
      },
      // Some of them run the compiler.
      { test: { name: "architecture", include: ["test/architecture/**/*.test.ts"], testTimeout: 60_000 } },
      slow("exchange"),
      slow("wire"),
      slow("fuzz"),
      slow("soak"),
      slow("notebooks"),
      slow("conformance"),
      slow("tslab"),
      slow("jupyterlab"),
      slow("workbench", "e2e"),
    ],
  },
});
