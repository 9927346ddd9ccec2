import { BriefCache } from "../../../functions/dashboard/brief-cache";

let loads = 0;
const load = async (): Promise<number> => (loads += 1);

beforeEach(() => {
  loads = 0;
});

test("keeps a value for its while and not a millisecond longer", async () => {
  const cache = new BriefCache<number>(100, 2);
  expect(await cache.get("a", load, 0)).toEqual({ value: 1, hit: false });
  expect(await cache.get("a", load, 99)).toEqual({ value: 1, hit: true });
  expect(await cache.get("a", load, 100)).toEqual({ value: 2, hit: false });
});

test("keeps the latest values only", async () => {
  const cache = new BriefCache<number>(100, 2);
  for (const key of ["a", "b", "c"]) await cache.get(key, load, 0);
  expect((await cache.get("b", load, 1)).hit).toBe(true);
  expect((await cache.get("c", load, 1)).hit).toBe(true);
  expect((await cache.get("a", load, 1)).hit).toBe(false);
});

test("keeps no failure", async () => {
  const cache = new BriefCache<number>(100, 2);
  await expect(cache.get("a", () => Promise.reject(new Error("no")), 0)).rejects.toThrow("no");
  expect(await cache.get("a", load, 1)).toEqual({ value: 1, hit: false });
});
