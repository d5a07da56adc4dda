// Types for Plotly's prebuilt bundle of two-dimensional charts (1.5 MB instead of 4.5). Building it from plotly.js/lib would
// need packages that Plotly does not install with itself.

declare module "plotly.js/dist/plotly-cartesian.min.js" {
  const plotly: typeof import("plotly.js");
  // biome-ignore lint/style/noDefaultExport: esbuild hands a CommonJS module over as the default export.
  export default plotly;
}
