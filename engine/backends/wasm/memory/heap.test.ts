import { describe, expect, it } from "vitest";
import { collectGarbage } from "../../../../kernel/compute/collect-garbage.ts";
import { Heap } from "./heap.ts";
import type { HeapBuffer } from "./heap-buffer.ts";

const mebibyte = 2 ** 20;

describe("the heap", () => {
  it("keeps buffers apart while it grows", () => {
    const heap = new Heap();
    const buffers = Array.from({ length: 40 }, (_, i) => {
      const buffer = heap.allocate("float32", mebibyte / 4 + i);
      buffer.values.fill(i);
      return buffer;
    });
    for (const [i, { values }] of buffers.entries()) expect(values.every((value) => value === i)).toBe(true);
    expect(heap.count).toBe(40);
    expect(heap.bytes).toBe(40 * mebibyte + 4 * ((39 * 40) / 2));
  });

  it("gives the place of a released buffer to the next of about its size, also of another dtype", () => {
    const heap = new Heap();
    const first = heap.allocate("float32", 1000);
    const { address } = first;
    heap.release(first);
    expect(heap.waitingBytes).toBeGreaterThanOrEqual(4000);
    const next = heap.allocate("int32", 990);
    expect(next.address).toBe(address);
    expect(next.values).toBeInstanceOf(Int32Array);
    expect(next.values.length).toBe(990);
    expect([heap.count, heap.bytes, heap.waitingBytes]).toEqual([1, 3960, 0]);
  });

  it("takes unreachable buffers back in the middle of a job", () => {
    const heap = new Heap({ collectGarbage });
    const kept = heap.allocate("float32", 10);
    const drop = () => void heap.allocate("float32", mebibyte);
    drop();
    drop();
    heap.collect();
    expect([heap.count, heap.bytes]).toEqual([1, 40]);
    expect(kept.values.length).toBe(10);
  });

  it("does so by itself when much, or many, gathered", () => {
    const heap = new Heap({ collectGarbage });
    for (let i = 0; i < 100; i++) heap.allocate("float32", mebibyte);
    expect(heap.bytes).toBeLessThan(130 * mebibyte);
    for (let i = 0; i < 45_000; i++) heap.allocate("bool", 1);
    expect(heap.count).toBeLessThan(30_000);
  });

  it("joins small pieces for a large buffer before it grows", () => {
    const heap = new Heap({ maximumBytes: 16 * mebibyte });
    const small = Array.from({ length: 12 }, () => heap.allocate("bool", mebibyte));
    for (const buffer of small) heap.release(buffer);
    expect(heap.allocate("bool", 12 * mebibyte).values.length).toBe(12 * mebibyte);
  });

  it("says what there is when there is no room, and goes on", () => {
    const heap = new Heap({ maximumBytes: 32 * mebibyte, collectGarbage });
    const held: HeapBuffer[] = [heap.allocate("float32", 5 * mebibyte)];
    expect(() => held.push(heap.allocate("float32", 5 * mebibyte))).toThrow(
      "allocate: no room for a tensor of 20 MiB: it takes 20 MiB, and 1 live tensors hold 20 MiB of the CPU's 32 MiB",
    );
    heap.release(held[0]!);
    expect(heap.allocate("float32", 5 * mebibyte).values.length).toBe(5 * mebibyte);
  });
});
