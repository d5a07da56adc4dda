// How elements get from memory into lanes and back: four at once, one at a time where fewer are left or where they lie apart.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import {
  extractLane,
  type FunctionBuilder,
  type Local,
  load,
  loadByte,
  loadBytes,
  loadSplat,
  packBytes,
  replaceLane,
  splat,
  type Value,
} from "../assembler/index.ts";
import { type Lanes, lanesOf } from "./lane-ops.ts";

/** Bytes of one element. */
export function widthOf(dtype: DType): number {
  return sizeBytesOf(dtype, 1);
}

/** Four neighbours. */
export function loadFour(dtype: DType, address: Value<"i32">, offset = 0): Value<Lanes> {
  return dtype === "bool" ? loadBytes(address, offset).ne(0) : load(lanesOf(dtype), address, offset);
}

/** One element in every lane. */
export function loadOne(dtype: DType, address: Value<"i32">): Value<Lanes> {
  return dtype === "bool" ? splat("i32x4", loadByte(address)).ne(0) : loadSplat(lanesOf(dtype), address);
}

/** Up to four elements, `stepBytes` apart; the other lanes hold the first. */
export function gather(
  f: FunctionBuilder,
  dtype: DType,
  address: Value<"i32">,
  stepBytes: Value<"i32"> | number,
  count?: Value<"i32">,
): Local<Lanes> {
  const lanes = f.local<Lanes>(lanesOf(dtype), loadOne(dtype, address));
  const place = f.local("i32", address);
  const rest = (lane: number): void => {
    if (lane === 4) return;
    const take = () => {
      place.increase(stepBytes);
      lanes.set(withLane(dtype, lanes, lane, place));
      rest(lane + 1);
    };
    if (count === undefined) take();
    else f.if(count.gt(lane), take);
  };
  rest(1);
  return lanes;
}

function withLane(dtype: DType, lanes: Value<Lanes>, lane: number, place: Value<"i32">): Value<Lanes> {
  if (dtype === "float32") return replaceLane(lanes as Value<"f32x4">, lane, load("f32", place));
  const integers = lanes as Value<"i32x4">;
  return replaceLane(integers, lane, dtype === "bool" ? loadByte(place).ne(0).mul(-1) : load("i32", place));
}

export function storeFour(f: FunctionBuilder, dtype: DType, address: Value<"i32">, lanes: Value<Lanes>, offset = 0) {
  if (dtype !== "bool") f.store(address, lanes, offset);
  else f.store(address, packBytes((lanes as Value<"i32x4">).and(1)), offset);
}

/** The first `count` lanes, 1 to 3. */
export function storeSome(
  f: FunctionBuilder,
  dtype: DType,
  address: Value<"i32">,
  lanes: Value<Lanes>,
  count: Value<"i32">,
): void {
  const width = widthOf(dtype);
  const store = (lane: number) => {
    if (dtype === "float32") f.store(address, extractLane(lanes as Value<"f32x4">, lane), lane * width);
    else if (dtype === "int32") f.store(address, extractLane(lanes as Value<"i32x4">, lane), lane * width);
    else f.storeByte(address, extractLane(lanes as Value<"i32x4">, lane).and(1), lane * width);
  };
  store(0);
  f.if(count.gt(1), () => {
    store(1);
    f.if(count.gt(2), () => store(2));
  });
}
