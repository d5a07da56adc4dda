// `models`: the architectures of the lectures.

export { leNet5 } from "./lenet.ts";
