// A kernel under fire: forged, cut, swollen and senseless messages on all sockets, and bytes that are no ZeroMQ at all. It has to live,
// to run nothing that was not signed, and to stay within its memory. `LECTERN_FUZZ=100000 npm test -- fuzz` for as many messages.

import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";
import { residentMb } from "../process-memory.ts";
import { type Hostile, hostileMessages } from "./hostile-messages.ts";

const MESSAGES = Number(process.env.LECTERN_FUZZ ?? 5000);
const SEED = Number(process.env.LECTERN_FUZZ_SEED ?? Date.now() % 2 ** 31);
const BATCH = 500;
/** What a kernel process may gain under fire: V8's heap comes and goes by 150 MB. Three kilobytes lost with each of 100,000 messages show. */
const MOST_GROWTH_MB = 300;
const WARM_UP = 4 * BATCH;

let client: JupyterClient;

beforeAll(async () => {
  client = await JupyterClient.start();
  expect((await client.run("const kept = 42;")).reply.content.status).toBe("ok");
});
afterAll(() => client?.[Symbol.dispose]());

it(`survives ${MESSAGES} hostile messages (seed ${SEED}) and runs none of them`, { timeout: 600_000 }, async () => {
  const sent = new Map<Hostile["kind"], number>();
  for (let done = 0; done < WARM_UP; done += BATCH) await fire(BATCH, sent, SEED + done);
  const before = residentMb(client.kernel.pid!);
  for (let done = WARM_UP; done < MESSAGES; done += BATCH) await fire(BATCH, sent, SEED + done);
  const growth = residentMb(client.kernel.pid!) - before;
  console.log(
    `${MESSAGES} messages, seed ${SEED}: ${JSON.stringify(Object.fromEntries(sent))}; memory ${growth.toFixed(0)} MB more`,
  );
  expect(sent.size).toBe(7);
  expect(growth).toBeLessThan(MOST_GROWTH_MB);
  await expectSound();
});

it("survives bytes that are no ZeroMQ", async () => {
  const { shell_port, control_port, iopub_port, stdin_port, hb_port } = client.info;
  const bytes = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { numRuns: 100, seed: SEED });
  for (const port of [shell_port, control_port, iopub_port, stdin_port, hb_port]) {
    await Promise.all(
      bytes.map(async (each) => {
        const socket = connect(port, "127.0.0.1").on("error", () => {}); // it may hang up on us
        await once(socket, "connect");
        socket.end(each);
        socket.destroySoon();
        await once(socket, "close");
      }),
    );
  }
  await expectSound();
});

/** Sends a batch, and waits until the kernel has seen all of it. */
async function fire(count: number, sent: Map<Hostile["kind"], number>, seed: number): Promise<void> {
  for (const { kind, channel, frames } of fc.sample(hostileMessages(client.info.key), { numRuns: count, seed })) {
    sent.set(kind, (sent.get(kind) ?? 0) + 1);
    await client[channel].send([...frames]);
  }
  for (const channel of ["shell", "control"] as const) await client.request(channel, "kernel_info_request", {});
  expect(client.kernel.exitCode).toBe(null);
  // What the client has heard is not what is measured here.
  client.seen.length = 0;
  client.replies.length = 0;
}

/** The same engine, with its variables, and nothing of the intruder's. */
async function expectSound(): Promise<void> {
  const { id } = await client.run("[kept, typeof intruded]");
  expect(client.result(id)).toBe("[ 42, 'undefined' ]");
}
