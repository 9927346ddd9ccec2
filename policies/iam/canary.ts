import type { InspectionAction } from "../../contract/access";
import type { Statement } from "./document";

/** What the actions of an inspection are allowed on. */
export interface Inspected {
  /** The parameter that keeps the state. */
  readonly parameterArn: string;
  /** Exactly the roles whose permissions are tried. */
  readonly roleArns: readonly string[];
  /** Exactly the functions whose tags are read. */
  readonly functionArns: readonly string[];
  /** The topic in the backup region, with its region written out (IAM-3). */
  readonly topicArn: string;
}

type Service = InspectionAction extends `${infer Name}:${string}` ? Name : never;

interface Subject {
  readonly sid: string;
  readonly arnsIn: (inspected: Inspected) => readonly string[];
}

/** X-Ray's read actions know no resource but `*` (service reference). */
const SUBJECTS: Readonly<Record<Service, Subject>> = {
  xray: { sid: "ReadTraces", arnsIn: () => ["*"] },
  ssm: { sid: "KeepState", arnsIn: ({ parameterArn }) => [parameterArn] },
  iam: { sid: "TryPermissions", arnsIn: ({ roleArns }) => roleArns },
  lambda: { sid: "ReadVersions", arnsIn: ({ functionArns }) => functionArns },
  sns: { sid: "TellOperators", arnsIn: ({ topicArn }) => [topicArn] },
};

/** One statement per service that the actions belong to (IAM-3). */
export function inspectionStatements(
  actions: readonly InspectionAction[],
  inspected: Inspected,
): readonly Statement[] {
  return Object.entries(SUBJECTS).flatMap(([service, { sid, arnsIn }]): readonly Statement[] => {
    const Action = actions.filter((action) => action.startsWith(`${service}:`));
    return Action.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action, Resource: arnsIn(inspected) }];
  });
}
