// A thread that computes parts of the engine's ops, until its process ends.

import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Assignment, follow, type Lesson } from "#engine/follower";

const port = parentPort;
if (port === null) throw new Error("follower.ts runs in a worker thread");
follow(workerData as Assignment, () => receiveMessageOnPort(port)?.message as Lesson | undefined);
