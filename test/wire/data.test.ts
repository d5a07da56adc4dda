// The data sets over the real kernel and engine process: assets out of dist/, the system's folders, the line of a download.

import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel[Symbol.asyncDispose]());

it("bundled data come with the build", async () => {
  const cell = `import { data } from "lectern";
const sets = await Promise.all([data.digits(), data.iris(), data.penguins(), data.weather()]);
const rest = await Promise.all([data.sunspots(), data.co2(), data.names(), data.mobyDick(), data.photo()]);
console.log(sets.map((set) => set.length).join(" "), rest.length)`;
  expect((await kernel.run(cell)).stdout).toBe("1797 150 342 1461 5\n");
});

it.skipIf(process.env.CI !== "true" && !existsSync("/usr/share/datasets/fashion-mnist"))(
  "Debian's Fashion-MNIST is found",
  async () => {
    const cell = `const fashion = await data.fashionMnist({ train: false });
console.log(fashion.length, fashion.classes[fashion.labels[0]])`;
    const { stdout, error } = await kernel.run(`import { data } from "lectern";\n${cell}`);
    expect({ stdout, error }).toEqual({ stdout: "10000 ankle boot\n", error: "" });
  },
);
