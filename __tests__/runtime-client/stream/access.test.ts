import { grantedTo, usesOf } from "../../support/access-used";
import { configurationStream, END_MS, globalStream } from "../../support/stream-reading";
import { accessToken, analyzedArticle, userRows } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

describeStream("What a stream calls", (lab) => {
  test("IAM-1 D23 the stream calls exactly what the contract grants, no more and no less", async () => {
    await lab().put("users", ...userRows("ann", { one: { status: "active", tickers: ["AAPL"] } }));
    await lab().put("items", analyzedArticle(["AAPL"]));
    const client = await lab().client();
    for (const request of [globalStream(), configurationStream("one", accessToken("ann"))]) {
      const { end, prelude } = await client.invoke(request, { remainingMs: END_MS + 4500 });
      expect([end, prelude?.statusCode]).toEqual(["streamed", 200]);
    }
    const used = new Set(lab().gateway.calls.flatMap(usesOf));
    expect([...used].sort()).toEqual([...grantedTo("sse")].sort());
  });
});
