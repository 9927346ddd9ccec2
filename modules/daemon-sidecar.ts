import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { DefaultTokenResolver, dependable, StringConcat, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { taskLogDocument } from "../policies/iam/task-log";
import { ConstructError, requireText } from "./construct-error";
import {
  applicationVariables,
  SIDECAR_NAMES,
  type SidecarVariant,
  sidecarContainer,
} from "./daemon-sidecar-container";
import { containersOf, networkOf, requireRoom, type TaskContainer } from "./daemon-sidecar-task";
import type { XrayAccess } from "./xray-access";

/** An image as a pin lock holds it. */
export interface PinnedImage {
  /** HOST/NAME. */
  readonly image: string;
  /** `sha256:` and 64 hex digits; null until somebody asked the registry. */
  readonly digest: string | null;
  /** Why there is no digest. */
  readonly reason?: string | undefined;
}

/** Props of {@link DaemonSidecar}. */
export interface DaemonSidecarProps {
  /** The daemon, or the collector that also takes OTLP. @default none: AWS maintains the daemon, but develops it no more */
  readonly variant: SidecarVariant;
  /** The task the sidecar joins. @default none */
  readonly task: EcsTaskDefinition;
  /** Container that writes traces; it alone learns the sidecar's address. @default none */
  readonly application: string;
  /** The task's role, which the sidecar writes traces with. @default none */
  readonly taskRole: IamRole;
  /** The role that starts the task's containers and writes their logs. @default none */
  readonly executionRole: IamRole;
  /** The X-Ray policy to attach to the task's role. @default none */
  readonly xrayAccess: XrayAccess;
  /** Image of the sidecar. @default none: a tag may mean another program tomorrow */
  readonly image: PinnedImage;
  /** AWS region of traces and logs. @default none */
  readonly region: string;
  /** Days, one of CloudWatch Logs' values. @default none: keeping logs for ever bills for ever */
  readonly logRetentionDays: number;
}

/**
 * Adds the X-Ray daemon, or the collector, to an ECS task (DOC-1): container, address for the application, permissions
 * of the task's role and a log with retention. For EC2 and Fargate tasks; Lambda brings its own daemon.
 */
export class DaemonSidecar extends Construct {
  /** Name of the sidecar's log group. */
  readonly logGroupName: string;

  /**
   * @throws ConstructError on an image without digest, a task that has no such container or no room, knows another
   *   sidecar or another role, or runs in a network where the sidecar cannot be reached
   */
  constructor(scope: Construct, id: string, props: DaemonSidecarProps) {
    super(scope, id);
    const { task, variant, region } = props;
    const image = this.pinned(props.image);
    const network = networkOf(this, task);
    const containers = containersOf(this, task);
    const application = this.applicationIn(containers, props);
    requireRoom(this, task, containers);
    this.requireRole("taskRoleArn", task.taskRoleArnInput, props.taskRole);
    this.requireRole("executionRoleArn", task.executionRoleArnInput, props.executionRole);
    const log = new CloudwatchLogGroup(this, "log-group", {
      name: `/ecs/${task.familyInput}/${SIDECAR_NAMES[variant]}`,
      retentionInDays: props.logRetentionDays,
    });
    this.logGroupName = log.name;
    const sidecar = sidecarContainer({ variant, network, image, region, logGroupName: log.name });
    const told = this.told(application, applicationVariables(variant, network));
    const name = SIDECAR_NAMES[variant];
    const linked = network === "bridge" ? { links: [...(application.links ?? []), name] } : {};
    const waiting = {
      dependsOn: [...(application.dependsOn ?? []), { containerName: name, condition: "START" }],
    };
    task.containerDefinitions = JSON.stringify([
      ...containers.map((one) => (one === application ? { ...one, ...told, ...linked, ...waiting } : one)),
      sidecar,
    ]);
    task.taskRoleArn = props.taskRole.arn;
    task.executionRoleArn = props.executionRole.arn;
    task.dependsOn = [...(task.dependsOn ?? []), ...this.permit(props, log.arn)];
  }

  private pinned({ image, digest, reason }: PinnedImage): string {
    requireText(this, "image", image, /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/, "HOST/NAME without a tag");
    if (digest === null) {
      throw new ConstructError(this, {
        found: `no digest of ${image} (${reason ?? "no reason given"})`,
        expected: "sha256: and 64 hex digits",
        nextStep:
          "run tracewright pins update where the registry can be reached, or give the digest yourself",
      });
    }
    requireText(this, "digest", digest, /^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");
    return `${image}@${digest}`;
  }

  private applicationIn(containers: readonly TaskContainer[], props: DaemonSidecarProps): TaskContainer {
    const names = containers.map(({ name }) => name);
    const taken = Object.values(SIDECAR_NAMES).find((name) => names.includes(name));
    if (taken !== undefined) {
      throw new ConstructError(this, {
        found: `a container ${taken} in ${props.task.node.path} already`,
        expected: "one sidecar per task",
        nextStep: "remove one of them",
      });
    }
    const application = containers.find(({ name }) => name === props.application);
    if (application !== undefined) return application;
    throw new ConstructError(this, {
      found: `application = ${JSON.stringify(props.application)}`,
      expected: `a container of ${props.task.node.path}: ${names.join(", ") || "it has none"}`,
      nextStep: "correct application",
    });
  }

  private told(
    application: TaskContainer,
    variables: Readonly<Record<string, string>>,
  ): { readonly environment: readonly object[] } {
    const clash = application.environment?.find(({ name }) => name in variables);
    if (clash !== undefined) {
      throw new ConstructError(this, {
        found: `${clash.name} in the container ${application.name} already`,
        expected: "the sidecar to set it",
        nextStep: `remove ${clash.name} from the container`,
      });
    }
    const added = Object.entries(variables).map(([name, value]) => ({ name, value }));
    return { environment: [...(application.environment ?? []), ...added] };
  }

  private requireRole(prop: string, given: string | undefined, role: IamRole): void {
    const written = (text: string): unknown =>
      Tokenization.resolve(text, {
        scope: this,
        resolver: new DefaultTokenResolver(new StringConcat()),
        preparing: false,
      });
    if (given === undefined || written(given) === written(role.arn)) return;
    throw new ConstructError(this, {
      found: `${prop} = ${String(written(given))}`,
      expected: String(written(role.arn)),
      nextStep: "give the sidecar the roles its task has",
    });
  }

  /** Attaches what the sidecar needs; the addresses are what a task must wait for (IAM-5). */
  private permit(props: DaemonSidecarProps, logGroupArn: string): readonly string[] {
    const policy = new IamPolicy(this, "log-access", {
      namePrefix: `${SIDECAR_NAMES[props.variant]}-log-`,
      description: `Lets ECS write the log of ${SIDECAR_NAMES[props.variant]}`,
      policy: JSON.stringify(taskLogDocument(logGroupArn)),
    });
    const attach = (id: string, role: IamRole, policyArn: string): string =>
      dependable(new IamRolePolicyAttachment(this, id, { role: role.name, policyArn }));
    return [
      attach("xray-attachment", props.taskRole, props.xrayAccess.policyArn),
      attach("log-attachment", props.executionRole, policy.arn),
    ];
  }
}
