// Door of the kernel: what the extension may use. The kernel itself runs in a process of its own.

export type { ExecuteOptions, InputQuestion, KernelConnection, KernelProcessOptions } from "./client/kernel-client.ts";
export { KernelError } from "./client/kernel-error.ts";
export { startKernel } from "./client/start-kernel.ts";
