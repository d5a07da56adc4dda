// Door for the threads that a host starts: they need nothing else of the engine.

export { follow } from "./follow.ts";
export type { Assignment, Lesson } from "./team.ts";
