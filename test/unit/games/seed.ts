/** Seeds of property tests: given by TEST_SEED or drawn, and always printed, so that a failure can be repeated. */
export const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
