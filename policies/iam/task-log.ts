import { type PolicyDocument, policyDocument } from "./document";

/** Who may run as an ECS task's role or start its containers. */
export const TASK_TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
} as const;

/** What the role that starts containers needs to write one log group through the `awslogs` driver. */
export function taskLogDocument(logGroupArn: string): PolicyDocument {
  return policyDocument([
    {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:*`,
    },
  ]);
}
