import { describeRules } from "./rule-cases";

const RIGHT = 'aws_cloudwatch_composite_alarm.held["right"]';
const WRONG = 'aws_cloudwatch_composite_alarm.held["wrong"]';
const fixture = "hears-topics";

describeRules("nobody-hears", {
  "alarm-action": [
    {
      fixture,
      compliant: ["~heard", "~aws_key", "~filtered", "~abroad", RIGHT, WRONG],
      nonCompliant: [["~mute", "mute has no alarm_actions"]],
      undecided: [],
    },
  ],
  "alarm-actions-enabled": [
    {
      fixture,
      compliant: ["~heard", "~aws_key", "~filtered", "~abroad", RIGHT, WRONG],
      nonCompliant: [["~mute", "actions_enabled = false"]],
      undecided: [],
    },
  ],
  "topic-subscribed": [
    {
      fixture,
      compliant: ["~heard", RIGHT, WRONG],
      nonCompliant: [
        ["~aws_key", "pages aws_sns_topic.aws_key, to which nobody is subscribed"],
        ["~filtered", "pages aws_sns_topic.shut_key, to which nobody is subscribed"],
      ],
      undecided: ["~abroad"],
    },
  ],
  "topic-policy-admits-alarms": [
    {
      fixture,
      compliant: ["aws_sns_topic.heard", "aws_sns_topic.aws_key"],
      nonCompliant: [["aws_sns_topic.shut_key", "does not let cloudwatch.amazonaws.com publish"]],
      undecided: [],
    },
  ],
  "topic-key-admits-alarms": [
    {
      fixture,
      compliant: ["aws_sns_topic.heard"],
      nonCompliant: [
        ["aws_sns_topic.aws_key", "alias/aws/sns"],
        ["aws_sns_topic.shut_key", "the one KMS gives a key"],
      ],
      undecided: [],
    },
  ],
  "action-in-region": [
    {
      fixture,
      compliant: ["~heard", "~aws_key", "~filtered", RIGHT, WRONG],
      nonCompliant: [["~abroad", "it is made in us-east-1, and its action"]],
      undecided: [],
    },
  ],
  "suppressor-exists": [
    {
      fixture,
      compliant: [RIGHT],
      nonCompliant: [[WRONG, "the suppressor herd"]],
      undecided: [],
    },
  ],
});
