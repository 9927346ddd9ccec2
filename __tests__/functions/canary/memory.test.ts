import { XRAY_WRITE_ACTIONS } from "../../../contract/access";
import { CANARY_STATE_LENGTH } from "../../../contract/canary";
import { callsOf, figures, regionOf } from "../../support/canary-figures";
import { BACKUP_REGION } from "../../support/canary-lab";
import { describeCanary } from "../../support/canary-suite";

const denied = { status: 400, code: "AccessDeniedException", message: "not for you" };

describeCanary("E1 what the canary keeps, and how its runs end", (lab) => {
  describe("its memory", () => {
    test("E1 CAN-5 the empty state Terraform makes is a beginning", async () => {
      await lab().putState("{}");
      const ran = await lab().run();
      expect(ran.report).toMatchObject({ status: "healthy", troubles: [] });
      expect(lab().log.lines.filter(({ level }) => level === "WARN")).toEqual([]);
    });

    test.each([
      ["no JSON", "{"],
      ["another shape", '{"window":"all"}'],
      ["numbers that are none", '{"window":[{"at":-1,"judged":5,"complete":1e99}]}'],
      ["a trouble nobody knows", '{"troubles":{"rm -rf":{"runs":1,"told":0}}}'],
      ["a window without end", JSON.stringify({ window: Array(60).fill({ at: 1, judged: 5, complete: 5 }) })],
      ["null", "null"],
    ])("E1 CAN-4 nonsense in place of the state (%s) is replaced and logged", async (_title, state) => {
      await lab().putState(state);
      const ran = await lab().run();
      expect(ran.report).toMatchObject({ status: "healthy", troubles: [] });
      expect(lab().log.lines).toContainEqual(expect.objectContaining({ canary_state_invalid: true }));
      expect(JSON.parse(await lab().state())).toMatchObject({ window: [{ judged: 5, complete: 5 }] });
    });

    test("E1 CAN-4 the state stays below what a parameter holds, whatever is wrong for however long", async () => {
      lab().inspected.missing = Object.fromEntries(
        ["ingestion", "analysis", "sse"].map((service) => [service, XRAY_WRITE_ACTIONS]),
      );
      lab().world.status = 500;
      for (let run = 0; run < 15; run++) {
        lab().xray.behave({ discarded: ({ annotations }) => annotations !== undefined && run % 2 === 0 });
        await lab().run();
      }
      expect((await lab().state()).length).toBeLessThan(CANARY_STATE_LENGTH / 2);
    });

    test("E1 without SSM it is told at once, a warm environment goes on, and a cold one tells everything", async () => {
      lab().gateway.failWhen(({ service }) => (service === "ssm" ? denied : undefined));
      const first = await lab().run();
      expect(first.alerts).toEqual([expect.stringContaining("cannot be read: AccessDeniedException")]);
      expect(figures(first)["CanaryHealth"]).toBe(1);
      const second = await lab().run();
      expect(second.alerts).toEqual([]);
      expect(callsOf(second, "GetMetricData")).toHaveLength(1);
      expect(second.report.troubles).toEqual(["state_unread"]);
      lab().world.lacking = ["gateway"];
      lab().cool();
      expect((await lab().run()).alerts).toEqual([expect.stringContaining("api_trace_incomplete")]);
    });

    test("E1 a state that can be read and not written is told of in the same run, and then every hour", async () => {
      await lab().run();
      lab().gateway.failWhen(({ operation }) => (operation === "PutParameter" ? denied : undefined));
      const told: number[] = [];
      for (let run = 1; run <= 14; run++) {
        const { alerts, report } = await lab().run();
        expect(report.troubles).toEqual(["state_unwritten"]);
        if (alerts.some((text) => text.includes("written: AccessDenied"))) told.push(run);
        expect(alerts).toHaveLength(told.includes(run) ? 1 : 0);
      }
      expect(told).toEqual([1, 13]);
    });

    test("E1 what could not be written is remembered until it is, not what SSM had before", async () => {
      await lab().run();
      lab().gateway.failWhen(({ operation }) => (operation === "PutParameter" ? denied : undefined));
      lab().world.lacking = ["gateway"];
      await lab().run();
      const third = await lab().run();
      expect(third.alerts).toEqual([expect.stringContaining("api_trace_incomplete")]);
      expect(figures(third)["CanarySubsegmentIncomplete"]).toBe(1);
      lab().gateway.failWhen(() => undefined);
      expect((await lab().run()).report.troubles).toEqual(["api_trace_incomplete"]);
      expect(JSON.parse(await lab().state())).toMatchObject({
        window: Array(4).fill({ judged: 5 }),
        troubles: { api_trace_incomplete: { runs: 3, told: 2 } },
      });
      // From here on SSM is right again, whoever writes it.
      await lab().putState("{}");
      await lab().run();
      expect(JSON.parse(await lab().state()).window).toHaveLength(1);
    });

    test("E1 a parameter that is gone is told of and not made again, and once it is back it is used", async () => {
      await lab().run();
      await lab().deleteState();
      const second = await lab().run();
      expect(second.alerts).toEqual([expect.stringContaining("ParameterNotFound (state_unread)")]);
      expect(callsOf(second, "PutParameter")).toEqual([]);
      await expect(lab().state()).rejects.toThrow(/not found/i);
      expect((await lab().run()).alerts).toEqual([]);
      await lab().putState("{}");
      expect((await lab().run()).report.troubles).toEqual([]);
      expect(JSON.parse(await lab().state()).window).toHaveLength(4);
    });
  });

  describe("its own end", () => {
    const breaks = () => {
      throw new RangeError("of our own making, with arn:aws:iam::123456789012:role/x in it");
    };

    test("E1 CAN-7 CAN-8 a run that breaks says so itself, is not heard by the heartbeat, and not told again each time", async () => {
      const first = await lab().invoke(breaks);
      expect(first).toMatchObject({ report: undefined });
      expect(first.alerts).toEqual([expect.stringContaining("a run of the canary broke off: RangeError")]);
      expect(first.alerts[0]).toContain("Run: an-invocation\n");
      expect(first.alerts[0]).not.toContain("role/x");
      expect(first.calls.map(({ operation }) => operation)).not.toContain("PutMetricData");
      expect((await lab().invoke(breaks)).alerts).toEqual([]);
      const mended = await lab().invoke(() => 120_000);
      expect(mended).toMatchObject({ report: { status: "healthy" }, alerts: [] });
      expect((await lab().invoke(breaks)).alerts).toHaveLength(1);
    });

    test("E1 CAN-8 the heartbeat is the last thing a run says", async () => {
      lab().xray.behave({ discarded: () => true });
      const ran = await lab().run();
      const regional = ran.calls.filter((call) => regionOf(call) === BACKUP_REGION);
      expect(regional.map(({ operation }) => operation)).toEqual(["Publish", "PutMetricData"]);
    });
  });
});
