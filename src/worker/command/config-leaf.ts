/** A scalar of a YAML or JSON file and where it stands: [start, end) in UTF-16 units. */
export interface Leaf {
  /** Keys and list indexes from the root, joined by "/": `/model/layers/0`. */
  readonly path: string;
  /** The decoded text of a string, `undefined` for any other scalar. */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** A prior and the part of the file that a value will replace: [start, end) in UTF-16 units. */
export interface PriorPlace {
  /** `/model/lr`. */
  readonly dimension: string;
  readonly prior: string;
  readonly start: number;
  readonly end: number;
}

/** The file is not in its language. `message` names no place; `offset` does, in UTF-16 units. */
export class ConfigSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "ConfigSyntaxError";
    this.offset = offset;
  }
}
