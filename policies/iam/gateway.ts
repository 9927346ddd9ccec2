import { type PolicyDocument, policyDocument } from "./document";

/**
 * The trust policy of the role API Gateway writes its logs with. Unconditional: API Gateway tries the role when it is
 * set, and its guide names no condition that this trial fulfils.
 */
export const GATEWAY_TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
} as const;

/**
 * What API Gateway checks for before it takes a role for its logs (API Gateway guide, "Permissions for CloudWatch
 * logging"). The role serves every API of the account and region, so no one log group can be named.
 */
export function gatewayLogsDocument(): PolicyDocument {
  return policyDocument([
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
      ],
      Resource: "*",
    },
  ]);
}
