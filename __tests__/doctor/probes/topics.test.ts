import {
  CreateTopicCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { rawDelivery } from "../../../doctor/probes/raw-delivery";
import { subscribers } from "../../../doctor/probes/subscribers";
import { describeWith } from "../../support/tools";
import { AwsLab } from "./aws-lab";
import { look, lookOnce, told } from "./looking";

const AT = { region: "eu-west-1" };

describeWith(["moto"], "DOC-3 E2 topics", () => {
  let lab: AwsLab;
  beforeAll(async () => {
    lab = await AwsLab.start();
  });
  afterAll(() => lab.stop());
  beforeEach(() => lab.reset());

  describe("the subscribers of a topic", () => {
    const arnOf = async (name: string, region = AT.region): Promise<string> =>
      (await new SNSClient({ region }).send(new CreateTopicCommand({ Name: name }))).TopicArn ?? "";
    const listed = (...subscriptions: readonly (readonly [string, string, string])[]): string =>
      `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${subscriptions
        .map(
          ([arn, protocol, endpoint]) =>
            `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint></member>`,
        )
        .join("")}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`;
    // moto takes every subscription for confirmed.
    const waiting = [
      ["PendingConfirmation", "email", "ada@example.com"],
      ["PendingConfirmation", "https", "https://hooks.example.org/T0/s3cret?key=s3cret"],
    ] as const;
    const answer = (body: string) =>
      lab.gateway.answerWith(({ operation }) =>
        operation === "ListSubscriptionsByTopic" ? body : undefined,
      );

    test("CAN-7 a topic that nobody subscribed to, and one that somebody hears", async () => {
      const topic = await arnOf("unheard");
      expect(await lookOnce(subscribers, { ...AT, topics: [topic] })).toMatchObject({
        ...told("fail", "0 confirmed", "terraform apply"),
        about: topic,
      });
      const endpoint = "https://hooks.example.org/T0";
      await new SNSClient(AT).send(
        new SubscribeCommand({ TopicArn: topic, Protocol: "https", Endpoint: endpoint }),
      );
      expect(await lookOnce(subscribers, { ...AT, topics: [topic] })).toMatchObject({
        verdict: "pass",
        found: "1 confirmed",
      });
    });

    test("CAN-7 what waits for its confirmation is named by its host, and fails where nobody hears", async () => {
      const topic = await arnOf("waiting");
      answer(listed(...waiting));
      const unheard = await lookOnce(subscribers, { ...AT, topics: [topic] });
      expect(unheard).toMatchObject(
        told(
          "fail",
          "0 confirmed, not confirmed: email at example.com, https at hooks.example.org",
          "SubscribeURL",
        ),
      );
      expect(JSON.stringify(unheard)).not.toMatch(/ada|s3cret/);
      answer(listed(...waiting, [`${topic}:1`, "sms", "+49301234567"], ["Deleted", "sms", "+49301234568"]));
      const heard = await lookOnce(subscribers, { ...AT, topics: [topic] });
      expect(heard).toMatchObject(told("warn", "1 confirmed, not confirmed: email at", "link in the mail"));
      expect(JSON.stringify(heard)).not.toContain("+49");
    });

    test("CAN-7 a topic of another region is asked there, for its subscribers and its deliveries", async () => {
      const topic = await arnOf("abroad", "eu-central-1");
      const endpoint = "arn:aws:sqs:eu-central-1:123456789012:queue";
      const there = new SNSClient({ region: "eu-central-1" });
      await there.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: endpoint }));
      for (const probe of [subscribers, rawDelivery])
        expect(await lookOnce(probe, { ...AT, topics: [topic] })).toMatchObject({ verdict: "pass" });
    });

    test("CAN-7 a topic that is gone, and SNS that refuses", async () => {
      const gone = `arn:aws:sns:${AT.region}:123456789012:gone`;
      expect(await lookOnce(subscribers, { ...AT, topics: [gone] })).toMatchObject(
        told("undecided", "", "check the name"),
      );
      lab.gateway.failWhen(({ service }) =>
        service === "sns" ? { status: 403, code: "AuthorizationError", message: "no" } : undefined,
      );
      expect(await lookOnce(subscribers, { ...AT, topics: [gone] })).toMatchObject({ verdict: "undecided" });
    });
  });

  test("raw delivery is off on every subscription, or the queue is named", async () => {
    const client = new SNSClient(AT);
    const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: "news" }));
    expect(await lookOnce(rawDelivery, { ...AT, topics: [TopicArn] })).toMatchObject(
      told("warn", "no confirmed subscription", "confirm"),
    );
    const queue = "arn:aws:sqs:eu-west-1:123456789012:queue";
    const subscribed = await client.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue, ReturnSubscriptionArn: true }),
    );
    expect(await lookOnce(rawDelivery, { ...AT, topics: [TopicArn] })).toMatchObject({
      verdict: "pass",
      found: "off on 1 subscriptions",
    });
    await client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: subscribed.SubscriptionArn,
        AttributeName: "RawMessageDelivery",
        AttributeValue: "true",
      }),
    );
    expect(await lookOnce(rawDelivery, { ...AT, topics: [TopicArn] })).toMatchObject(
      told("fail", `on for ${queue}`, "raw_message_delivery = false"),
    );
    const gone = "arn:aws:sns:eu-west-1:123456789012:gone";
    expect(await look(rawDelivery, { ...AT, topics: [gone, TopicArn] })).toMatchObject([
      { verdict: "undecided", fix: expect.stringContaining("check the name") },
      { verdict: "fail" },
    ]);
  });
});
