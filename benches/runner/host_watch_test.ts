import { assert, assertEquals } from "@std/assert";
import { conditionsBetween, HostWatch, parseCpuTimes, WatchedExecutor } from "./host_watch.ts";
import { failedRun } from "./raw_run.ts";

Deno.test("parseCpuTimes adds what was used and tells what was stolen", () => {
  assertEquals(parseCpuTimes("cpu  100 20 30 9999 50 1 9 40 5 0"), {
    busySeconds: 1.6,
    stolenSeconds: 0.4,
  });
  for (const line of ["", "cpu", "cpu0 1 2 3", "cpu  1 2 3 4 5 6 7", "intr 1 2 3 4 5 6 7 8"]) {
    assertEquals(parseCpuTimes(line), null, line);
  }
});

Deno.test("conditionsBetween knows nothing where a look is missing or went back", () => {
  const at = (busySeconds: number, stolenSeconds: number) => ({ busySeconds, stolenSeconds });
  const between = (before: ReturnType<typeof at> | null, after: ReturnType<typeof at>) => {
    const { busySeconds, stolenSeconds } = conditionsBetween(new Date(0), before, after);
    return [busySeconds, stolenSeconds];
  };
  assertEquals(between(at(1, 2), at(1.3, 2.1)), [0.3, 0.1]);
  assertEquals(between(at(1, 2), at(1.3, 1.9)), [0.3, null]);
  assertEquals(between(null, at(1.3, 1.9)), [null, null]);
});

Deno.test("HostWatch answers often and ends", async () => {
  const watch = new HostWatch();
  const looks = [];
  for (let at = 0; at < 5; at++) looks.push(await watch.look());
  await watch.close();
  const known = looks.filter((look) => look !== null);
  if (Deno.build.os === "linux") assertEquals(known.length, 5);
  for (let at = 1; at < known.length; at++) {
    assert(known[at].busySeconds >= known[at - 1].busySeconds);
  }
  assertEquals(await watch.look(), null);
});

Deno.test("WatchedExecutor notes what went on around the run, and passes a close on", async () => {
  const looks = [{ busySeconds: 1, stolenSeconds: 0 }, { busySeconds: 3, stolenSeconds: 0.5 }];
  let closed = 0;
  const executor = new WatchedExecutor({
    run: () => Promise.resolve(failedRun("power-off", "", "text")),
    close: () => Promise.resolve(void closed++),
  }, { look: () => Promise.resolve(looks.shift() ?? null) });
  const raw = await executor.run({} as Parameters<typeof executor.run>[0]);
  assertEquals([raw.console, raw.host.busySeconds, raw.host.stolenSeconds], ["text", 2, 0.5]);
  await executor.close();
  assertEquals(closed, 1);
});
