import { expect, test } from "vitest";
import { FakeClock } from "../test-host.ts";
import { Throttle } from "./throttle.ts";

function throttled() {
  const clock = new FakeClock();
  const acts: number[] = [];
  return { clock, acts, throttle: new Throttle(() => acts.push(clock.now()), clock, 100) };
}

test("the first request acts at once", () => {
  const { acts, throttle } = throttled();
  throttle.request();
  expect(acts).toEqual([1000]);
});

test("the last request of a burst acts when the interval has passed", () => {
  const { clock, acts, throttle } = throttled();
  for (let request = 0; request < 50; request++) throttle.request();
  expect(acts).toHaveLength(1);
  expect(clock.alarms).toBe(1);
  clock.advance(100);
  expect(acts).toEqual([1000, 1100]);
  clock.advance(1000);
  expect(acts).toHaveLength(2);
});

test("a loop that lets no timer fire acts by the clock, and the overdue timer is dropped", () => {
  const { clock, acts, throttle } = throttled();
  for (let request = 0; request < 100; request++) {
    throttle.request();
    clock.blockFor(10);
  }
  expect(acts).toHaveLength(10);
  clock.advance(1000);
  expect(acts).toHaveLength(11);
});

test("nothing comes after cancel", () => {
  const { clock, acts, throttle } = throttled();
  throttle.request();
  throttle.request();
  throttle.cancel();
  clock.advance(1000);
  expect(acts).toHaveLength(1);
});
