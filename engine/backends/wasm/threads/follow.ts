// What a follower does for as long as it lives: waits for a job, learns its kernel if it is new, takes parts. It never
// returns to its event loop, so the host gives it a way to receive messages at once.

import { instantiate, type KernelFunction } from "../kernel-library.ts";
import { JobBoard } from "./job-board.ts";
import type { Assignment, Lesson } from "./team.ts";

/** Never returns; the host ends the thread. `receive` gives the next lesson, or undefined if none is waiting. */
export function follow({ board: words, memory }: Assignment, receive: () => Lesson | undefined): never {
  const board = new JobBoard(words);
  const kernels = new Map<number, KernelFunction>();
  const learn = () => {
    for (let lesson = receive(); lesson !== undefined; lesson = receive()) {
      kernels.set(lesson.number, instantiate(lesson.module, memory));
    }
  };
  for (let job = 0; ; ) {
    job = board.wait(job);
    board.join((number) => {
      if (!kernels.has(number)) learn();
      const kernel = kernels.get(number);
      if (kernel !== undefined) board.takeParts(kernel);
    });
  }
}
