// A list of the places of elements under the kernel, for kernels that take them as they come.

import { integers, load, type ModuleBuilder } from "../assembler/index.ts";
import { counters } from "./bounds.ts";
import type { Framed } from "./framed.ts";

/** Adds a function that writes down where `count` elements under the kernel lie in the framed source; what is left to `places` is like the last. */
export function defineLocate(module: ModuleBuilder, { taps, channelBytes }: Framed) {
  return module.function("locate", integers("to", "first", "count", "places"), (f, { to, first, count, places }) => {
    const [element, channel] = counters(f, 2);
    const end = f.local("i32", to.add(places.shl(2)));
    const last = f.local("i32", to.add(count.shl(2)));
    element.set(first.mul(-1));
    f.whileTrue(
      () => to.ltUnsigned(last),
      () => {
        for (const tap of taps) {
          f.if(element.ge(0).and(to.ltUnsigned(last)), () => {
            f.store(to, channel.add(tap));
            to.increase(4);
          });
          element.increase(1);
        }
        channel.increase(channelBytes);
      },
    );
    f.whileTrue(
      () => to.ltUnsigned(end),
      () => {
        f.store(to, load("i32", last.sub(4)));
        to.increase(4);
      },
    );
  });
}
