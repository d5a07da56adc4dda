// Door of the engine.
export {};
