// `nn.init`: functions that give a tensor, usually a parameter, new elements in place. Numbers are PyTorch's for the
// same seed: bit for bit where they are uniform, to 1e-6 where they are normal.

export { constant_, normal_, ones_, type RandomInitOptions, uniform_, zeros_ } from "./fill.ts";
export {
  calculateGain,
  type FanMode,
  type KaimingOptions,
  kaimingNormal_,
  kaimingUniform_,
  type Nonlinearity,
  type XavierOptions,
  xavierNormal_,
  xavierUniform_,
} from "./scaled.ts";
export {
  dirac_,
  eye_,
  type OrthogonalOptions,
  orthogonal_,
  sparse_,
  type TruncNormalOptions,
  truncNormal_,
} from "./structured.ts";
