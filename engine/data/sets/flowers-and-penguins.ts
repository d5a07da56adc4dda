// The two small classics of classification: Fisher's iris flowers and the Palmer penguins.
// Sources and licences: assets/NOTICE.md.

import { tensor } from "../../tensor/creation.ts";
import { TabularDataset } from "../loading/labelled-dataset.ts";
import { classesOf, numbersOf, parseTable, readAssetText } from "./asset.ts";

interface TableSource {
  readonly caller: string;
  readonly file: string;
  /** The columns of the file that are features, and what they are called with their unit. */
  readonly features: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
}

/**
 * 150 iris flowers of three species, 50 each: x [150, 4], float32, in cm; y [150], int32. Setosa can be told from the others by
 * a line, the others not quite from each other.
 *
 * R. A. Fisher, The Use of Multiple Measurements in Taxonomic Problems, 1936, https://doi.org/10.24432/C56C76, CC BY 4.0
 *
 * @example
 * const iris = await data.iris();
 * iris.classes; // [setosa, versicolor, virginica]
 * iris.tensors[0].shape; // [150, 4]
 */
export function iris(): Promise<TabularDataset> {
  return readTable({
    caller: "iris",
    file: "iris.csv.gz",
    features: {
      "sepal length": "sepal length (cm)",
      "sepal width": "sepal width (cm)",
      "petal length": "petal length (cm)",
      "petal width": "petal width (cm)",
    },
    classes: ["setosa", "versicolor", "virginica"],
  });
}

/**
 * 342 penguins of three species (151 Adelie, 68 Chinstrap, 123 Gentoo): x [342, 4], float32, lengths in mm and mass in g;
 * y [342], int32. The columns differ in size a hundredfold: `data.standardiser` mends that.
 *
 * A. M. Horst, A. P. Hill, K. B. Gorman, palmerpenguins, 2020, https://doi.org/10.5281/zenodo.3960218, CC0
 *
 * @example
 * const penguins = await data.penguins();
 * penguins.features; // [bill length (mm), bill depth (mm), flipper length (mm), body mass (g)]
 * penguins.length; // 342
 */
export function penguins(): Promise<TabularDataset> {
  return readTable({
    caller: "penguins",
    file: "penguins.csv.gz",
    features: {
      "bill length": "bill length (mm)",
      "bill depth": "bill depth (mm)",
      "flipper length": "flipper length (mm)",
      "body mass": "body mass (g)",
    },
    classes: ["Adelie", "Chinstrap", "Gentoo"],
  });
}

async function readTable({ caller, file, features, classes }: TableSource): Promise<TabularDataset> {
  const table = parseTable(caller, await readAssetText(caller, file));
  const columns = Object.keys(features);
  const x = tensor(numbersOf(caller, table, columns), { shape: [table.rows.length, columns.length] });
  const y = tensor(classesOf(caller, table, "species", classes));
  return new TabularDataset(x, y, { features: Object.values(features), classes });
}
