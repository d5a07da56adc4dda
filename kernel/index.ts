// Door of the kernel: what the extension may use. The kernel itself runs in a process of its own.

export * from "./client/kernel-client.ts";
