// The part of Plotly's figure schema that our pictures use, as types. Source: https://plotly.com/javascript/reference/
// Both Plotly (in the browser) and svg/ (the static fallback) draw exactly this; nothing is in here that only one can draw.

export interface PlotlyFigure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

export type Trace = ScatterTrace | HeatmapTrace | ImageTrace;

/** Position → colour, positions rising from 0 to 1. */
export type ColorStops = readonly (readonly [position: number, color: string])[];

export interface ScatterTrace {
  readonly type: "scatter";
  readonly mode: "lines" | "markers" | "lines+markers";
  readonly name?: string;
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly yaxis?: "y" | "y2";
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: "solid" | "dot" | "dash" };
  readonly marker?: {
    readonly color?: string;
    readonly size?: number;
    readonly symbol?: "circle" | "diamond";
    /** The rim of each marker. */
    readonly line?: { readonly color: string; readonly width: number };
  };
  readonly opacity?: number;
  readonly showlegend?: boolean;
  /** Draws markers at the edge of the plot whole. */
  readonly cliponaxis?: false;
  readonly hoverinfo?: "skip";
  readonly hovertemplate?: string;
}

export interface HeatmapTrace {
  readonly type: "heatmap";
  /** Rows of cells; null leaves the cell empty. */
  readonly z: readonly (readonly (number | null)[])[];
  /** Edges of the columns, one more than there are cells in a row. */
  readonly x: readonly number[];
  /** Edges of the rows. */
  readonly y: readonly number[];
  readonly zmin: number;
  readonly zmax: number;
  readonly colorscale: ColorStops;
  readonly showscale: boolean;
  readonly colorbar?: ColorBar;
  readonly text?: readonly (readonly string[])[];
  /** `%{text}` writes {@link text} into the cells. */
  readonly texttemplate?: "%{text}";
  readonly textfont?: { readonly size: number };
  /** Pixels left free between cells. */
  readonly xgap?: number;
  readonly ygap?: number;
  readonly hoverongaps: false;
  readonly hovertemplate?: string;
}

/** A bitmap over whole-numbered coordinates, pixel (0, 0) centred at (0, 0), y growing downwards. */
export interface ImageTrace {
  readonly type: "image";
  /** `data:image/png;base64,…` */
  readonly source: string;
  readonly hoverinfo: "skip";
}

export interface ColorBar {
  readonly thickness: number;
  readonly len: number;
  readonly lenmode: "fraction" | "pixels";
  readonly ypad: 0;
  readonly outlinewidth: 0;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
}

export interface Font {
  readonly size?: number;
  readonly color?: string;
  readonly family?: string;
}

export interface Axis {
  readonly title?: { readonly text: string; readonly font?: Font; readonly standoff?: number };
  readonly range?: readonly [number, number];
  readonly rangemode?: "tozero";
  readonly visible?: boolean;
  readonly showgrid?: boolean;
  readonly gridcolor?: string;
  readonly zeroline?: boolean;
  readonly zerolinecolor?: string;
  readonly tickformat?: string;
  readonly tickfont?: Font;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tick0?: number;
  readonly dtick?: number;
  /** Said where Plotly 3 and later would copy the other axis' ticks. */
  readonly tickmode?: "linear";
  readonly side?: "left" | "right" | "top" | "bottom";
  readonly overlaying?: "y";
  readonly scaleanchor?: "x";
  readonly constrain?: "domain";
  readonly fixedrange?: boolean;
}

export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref: "x" | "paper";
  readonly yref: "y" | "paper";
  readonly xanchor: "left" | "center" | "right";
  readonly yanchor: "top" | "middle" | "bottom";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly showarrow: false;
  readonly font?: Font;
  /** Colour behind the text. */
  readonly bgcolor?: string;
}

export interface Layout {
  readonly title?: {
    readonly text: string;
    readonly x: number;
    readonly xref: "paper" | "container";
    readonly xanchor: "left";
    readonly y?: number;
    readonly yref?: "container";
    readonly yanchor?: "top";
    readonly pad?: { readonly t?: number; readonly l?: number };
    readonly font?: Font;
  };
  readonly width?: number;
  readonly height: number;
  readonly autosize?: boolean;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly xaxis: Axis;
  readonly yaxis: Axis;
  readonly yaxis2?: Axis;
  readonly showlegend?: boolean;
  readonly legend?: {
    readonly orientation: "h" | "v";
    readonly x: number;
    readonly y: number;
    readonly xanchor: "left" | "right";
    readonly yanchor: "top" | "bottom";
    readonly bgcolor?: string;
  };
  readonly annotations?: readonly Annotation[];
  readonly hovermode?: "x unified" | "closest" | false;
  readonly font: Font;
  readonly paper_bgcolor: string;
  readonly plot_bgcolor: string;
  /** Plotly's own: keeps zoom and hidden series over updates in place. */
  readonly uirevision?: string;
}
