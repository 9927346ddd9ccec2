import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import * as v from "valibot";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";

/** Functions that listen to a topic, and whether messages reach them raw. */
export const SUBSCRIPTIONS = v.array(
  v.object({ Endpoint: v.string(), RawMessageDelivery: v.picklist(["true", "false"]) }),
);

/** See {@link SUBSCRIPTIONS}. */
export type Subscription = v.InferOutput<typeof SUBSCRIPTIONS>[number];

/** Asks SNS which functions listen to a topic. @throws InputError when it does not answer */
export async function subscriptionsOf(topicArn: string, region: string | undefined): Promise<Subscription[]> {
  const client = new SNSClient(clientOptions(region));
  const found: Subscription[] = [];
  let action = "sns:ListSubscriptionsByTopic";
  try {
    let NextToken: string | undefined;
    do {
      action = "sns:ListSubscriptionsByTopic";
      const page = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken }));
      for (const { SubscriptionArn, Endpoint = "", Protocol } of page.Subscriptions ?? []) {
        if (Protocol !== "lambda") continue;
        action = "sns:GetSubscriptionAttributes";
        const { Attributes = {} } = await client.send(
          new GetSubscriptionAttributesCommand({ SubscriptionArn }),
        );
        const raw = Attributes["RawMessageDelivery"] === "true" ? "true" : "false";
        found.push({ Endpoint, RawMessageDelivery: raw });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== "");
    return found;
  } catch (error) {
    throw awsFault(error, { action, subject: topicArn, region });
  } finally {
    client.destroy();
  }
}
