// Series over time: sunspots by year, carbon dioxide by month, the weather by day. Sources and licences: assets/NOTICE.md.

import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { TabularDataset } from "../loading/labelled-dataset.ts";
import { classesOf, numbersOf, parseTable, readAssetText, type Table } from "./asset.ts";

export interface Sunspots {
  /** [309], int32: 1700 … 2008. */
  readonly years: Tensor;
  /** [309], float32: yearly mean sunspot number, 0 … 190. */
  readonly values: Tensor;
}

/**
 * Yearly mean sunspot numbers, 1700 to 2008: they rise and fall in some eleven years.
 *
 * NOAA National Geophysical Data Center, public domain
 *
 * @example
 * const { years, values } = await data.sunspots();
 * [years.select(0, 0).itemSync(), values.select(0, 0).itemSync()]; // [1700, 5]
 */
export async function sunspots(): Promise<Sunspots> {
  const table = await read("sunspots", "sunspots.csv.gz");
  return {
    years: tensor(Int32Array.from(numbersOf("sunspots", table, ["year"]))),
    values: tensor(numbersOf("sunspots", table, ["sunspots"])),
  };
}

export interface Co2 {
  /** "1958-03" … "2020-04"; 741 months, five of the time between were not measured. */
  readonly months: readonly string[];
  /** [741], float32: the middle of each month in years, for example 1958.2083. */
  readonly years: Tensor;
  /** [741], float32: carbon dioxide in ppm. */
  readonly values: Tensor;
  /** [741], float32: the same without the yearly swing. */
  readonly seasonallyAdjusted: Tensor;
}

/**
 * Carbon dioxide in the air at Mauna Loa, monthly means in ppm, 1958 to 2020: a trend with a season on top.
 *
 * C. D. Keeling et al., Scripps CO₂ Program, https://scrippsco2.ucsd.edu, CC BY 4.0
 *
 * @example
 * const co2 = await data.co2();
 * [co2.months.at(-1), co2.values.select(0, -1).itemSync().toFixed(1)]; // [2020-04, 416.2]
 */
export async function co2(): Promise<Co2> {
  const table = await read("co2", "co2.csv.gz");
  const months = table.rows.map(([month]) => month!);
  return {
    months,
    years: tensor(months.map((month) => Number(month.slice(0, 4)) + (Number(month.slice(5)) - 0.5) / 12)),
    values: tensor(numbersOf("co2", table, ["co2"])),
    seasonallyAdjusted: tensor(numbersOf("co2", table, ["seasonally adjusted"])),
  };
}

/**
 * The weather of each day in words, and what was measured.
 *
 * @example
 * const weather = await data.weather();
 * weather.length; // 1461
 */
export class WeatherDataset extends TabularDataset {
  /** "2012-01-01" … "2015-12-31". */
  readonly dates: readonly string[];

  constructor(
    x: Tensor,
    y: Tensor,
    names: { features: readonly string[]; classes: readonly string[]; dates: string[] },
  ) {
    super(x, y, names);
    this.dates = names.dates;
  }
}

/**
 * 1,461 days in Seattle, 2012 to 2015: x [1461, 4], float32 (precipitation in mm, maximum and minimum temperature in °C, wind
 * in m/s); y [1461], int32, the weather in a word; `dates` names the days.
 *
 * NOAA National Climatic Data Center, public domain
 *
 * @example
 * const weather = await data.weather();
 * weather.classes; // [drizzle, fog, rain, snow, sun]
 * weather.dates[0]; // 2012-01-01
 */
export async function weather(): Promise<WeatherDataset> {
  const table = await read("weather", "seattle-weather.csv.gz");
  const columns = ["precipitation", "maximum temperature", "minimum temperature", "wind"];
  const features = ["precipitation (mm)", "maximum temperature (°C)", "minimum temperature (°C)", "wind (m/s)"];
  const classes = ["drizzle", "fog", "rain", "snow", "sun"];
  const x = tensor(numbersOf("weather", table, columns), { shape: [table.rows.length, columns.length] });
  const y = tensor(classesOf("weather", table, "weather", classes));
  return new WeatherDataset(x, y, { features, classes, dates: table.rows.map(([date]) => date!) });
}

const read = async (caller: string, file: string): Promise<Table> =>
  parseTable(caller, await readAssetText(caller, file));
