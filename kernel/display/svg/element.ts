// SVG as text: one element with its attributes and children, and a line of text. Knows nothing of figures.

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escapeXml(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

export function group(attributes: Attributes, children: readonly string[]): string {
  return children.length === 0 ? "" : element("g", attributes, ...children);
}

export interface TextStyle {
  readonly size: number;
  readonly color: string;
  readonly align?: "left" | "center" | "right";
  /** What of the text lies at y. */
  readonly baseline?: "top" | "middle" | "bottom";
  readonly rotate?: -90 | 90;
}

const ANCHORS = { left: "start", center: "middle", right: "end" } as const;
const RISE = { top: 0.86, middle: 0.36, bottom: -0.2 } as const;
const LINE_HEIGHT = 1.3;

/** Text at a point; `<br>` starts a new line, as in Plotly. */
export function text(content: string, x: number, y: number, style: TextStyle): string {
  const { size, color, align = "left", baseline = "middle", rotate } = style;
  const lines = content.split(/<br\s*\/?>/);
  const extra = (lines.length - 1) * LINE_HEIGHT * size;
  const above = baseline === "top" ? 0 : baseline === "middle" ? extra / 2 : extra;
  return lines
    .map((line, index) =>
      element(
        "text",
        {
          x,
          y: y + RISE[baseline] * size - above + index * LINE_HEIGHT * size,
          "font-size": size,
          fill: color,
          "text-anchor": ANCHORS[align],
          transform: rotate === undefined ? undefined : `rotate(${rotate} ${rounded(x)} ${rounded(y)})`,
        },
        escapeXml(line),
      ),
    )
    .join("");
}

/** Roughly, in pixels: DejaVu Sans is 0.6 em wide on average. */
export function textWidth(content: string, size: number): number {
  return Math.max(...content.split(/<br\s*\/?>/).map((line) => line.length)) * size * 0.6;
}

export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escapeXml(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
