import { Construct } from "constructs";
import {
  DEAD_LETTER_QUEUE,
  deadLetterQueueName,
  TOPICS,
  type TopicName,
  topicName,
} from "../contract/messaging";
import { type Environment, physicalName } from "../contract/names";
import { SECRETS, type SecretKey, secretField, secretName } from "../contract/secrets";
import { TABLES, type TableName, tableName } from "../contract/tables";
import type { Account } from "./account";
import { CustomerKey } from "./customer-key";
import { DataTable } from "./data-table";
import { DeadLetterQueue } from "./dead-letter-queue";
import { EncryptedTopic } from "./encrypted-topic";
import { ManualSecret } from "./manual-secret";

/** Props of {@link Storage}. */
export interface StorageProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** Account everything belongs to. @default none */
  readonly account: Account;
  /** Address the alarm topic mails. @default none: alarms nobody hears are refused */
  readonly alertEmail: string;
}

type Keyed<K extends string, T> = Readonly<Record<K, T>>;

function each<K extends string, T>(keys: readonly K[], make: (key: K) => T): Keyed<K, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Keyed<K, T>;
}

/** Everything the functions share: key, tables, topics, dead-letter queue and secrets, as the contract lists them. */
export class Storage extends Construct {
  /** The key of topics and secrets. */
  readonly key: CustomerKey;
  readonly deadLetterQueue: DeadLetterQueue;
  private readonly tables: Keyed<TableName, DataTable>;
  private readonly topics: Keyed<TopicName, EncryptedTopic>;
  private readonly secrets: Keyed<SecretKey, ManualSecret>;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { environment, account } = props;
    const topicNames = Object.keys(TOPICS) as TopicName[];
    this.key = new CustomerKey(this, "key", {
      alias: physicalName(environment, "topics-and-secrets"),
      account,
      services: [...new Set(["sns", ...topicNames.flatMap((name) => TOPICS[name].publishers)])].sort(),
    });
    this.deadLetterQueue = new DeadLetterQueue(this, "dead-letter-queue", {
      queueName: deadLetterQueueName(environment),
      keepSeconds: DEAD_LETTER_QUEUE.keepSeconds,
    });
    this.tables = each(Object.keys(TABLES) as TableName[], (name) => {
      return new DataTable(this, `${name}-table`, {
        tableName: tableName(environment, name),
        table: TABLES[name],
      });
    });
    this.topics = each(topicNames, (name) => {
      return new EncryptedTopic(this, `${name}-topic`, {
        topicName: topicName(environment, name),
        account,
        keyArn: this.key.arn,
        services: TOPICS[name].publishers,
        traced: TOPICS[name].traced,
      });
    });
    this.topics.alarms.subscribeEmail("operators", props.alertEmail);
    this.secrets = each(SECRETS, (name) => {
      return new ManualSecret(this, `${name}-secret`, {
        secretName: secretName(environment, name),
        field: secretField(name),
        keyArn: this.key.arn,
      });
    });
  }

  table(name: TableName): DataTable {
    return this.tables[name];
  }

  topic(name: TopicName): EncryptedTopic {
    return this.topics[name];
  }

  secret(name: SecretKey): ManualSecret {
    return this.secrets[name];
  }
}
