// Modes that hold while a function runs: not recording (no-grad.ts), looking for anomalies (anomaly.ts). The open calls
// are a set in core/context.ts, because asynchronous ones end in any order.

/** Runs `fn` as an open call of `open`, until it returns or its promise settles. */
export function during<T>(open: Set<object>, fn: () => T): T {
  const call = {};
  open.add(call);
  let pending = false;
  const leave = () => {
    open.delete(call);
  };
  try {
    const result = fn();
    if (!(result instanceof Promise)) return result;
    pending = true;
    return result.finally(leave) as T;
  } finally {
    if (!pending) leave();
  }
}
