export const mathFunctions = { expOf: "fn expOf(x: f32) -> f32 { return exp(x); }" } as const;
