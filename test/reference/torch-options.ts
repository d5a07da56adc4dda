// Options as PyTorch names them → as the engine does: `weight_decay` → `weightDecay`, `T_max` → `tMax`. Used by the tests of
// goldens that carry options.

export type TorchOptions = Readonly<Record<string, unknown>>;

export function fromTorch(options: TorchOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const joined = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return [joined.charAt(0).toLowerCase() + joined.slice(1), value];
    }),
  );
}
