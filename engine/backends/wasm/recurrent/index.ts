// The door of the recurrent kernels.

export { defineGruBackward, defineGruForward, type GruBackward, type GruForward, gruScratchBytesOf } from "./gru.ts";
export {
  defineLstmBackward,
  defineLstmForward,
  type LstmBackward,
  type LstmForward,
  lstmScratchBytesOf,
} from "./lstm.ts";
export {
  defineRnnBackward,
  defineRnnForward,
  type Nonlinearity,
  type RnnBackward,
  type RnnForward,
  rnnScratchBytesOf,
} from "./rnn.ts";
export type { RecurrentSizes } from "./sizes.ts";
