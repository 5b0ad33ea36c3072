/** JSON with bigints: `{"$":"12"}` stands for 12n. Used for the journal only; wires carry decimal strings. */

/** Text of a value that may hold bigints. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? { $: each.toString() } : each));
}

/** The value of a text made by `toJson`. Throws SyntaxError on anything that is not JSON. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, each) => {
    if (typeof each !== 'object' || each === null) return each;
    const keys = Object.keys(each);
    return keys.length === 1 && typeof each.$ === 'string' ? BigInt(each.$) : each;
  });
}
