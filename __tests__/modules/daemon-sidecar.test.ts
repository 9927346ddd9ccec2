import { EcsTaskDefinition, type EcsTaskDefinitionConfig } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { DaemonSidecar, type DaemonSidecarProps } from "../../modules/daemon-sidecar";
import { XrayAccess } from "../../modules/xray-access";
import { TASK_TRUST } from "../../policies/iam/task-log";
import { XRAY_WRITE_ACTIONS } from "../../policies/iam/xray";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { ownStack } from "./own-stack";
import { every, named, object, only, ref, statements } from "./parts";

const IMAGE = { image: "public.ecr.aws/xray/aws-xray-daemon", digest: `sha256:${"a".repeat(64)}` };
const APPLICATION = { name: "shop", image: "shop:1", cpu: 64, memory: 256, environment: [] };
const OTHER = { name: "proxy", image: "proxy:1", cpu: 16 };

interface Definition {
  readonly name: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** A task with two containers and a sidecar, some of it changed. */
function traced(
  change: Partial<DaemonSidecarProps> = {},
  task: Partial<EcsTaskDefinitionConfig> = {},
): { readonly containers: readonly Definition[]; readonly terraform: ReturnType<typeof fromSynthesized> } {
  const stack = ownStack();
  const role = (id: string) =>
    new IamRole(stack, id, { name: id, assumeRolePolicy: JSON.stringify(TASK_TRUST) });
  const [taskRole, executionRole] = [role("task"), role("execution")];
  const definition = new EcsTaskDefinition(stack, "shop", {
    family: "shop",
    networkMode: "awsvpc",
    containerDefinitions: JSON.stringify([APPLICATION, OTHER]),
    ...task,
  });
  new DaemonSidecar(stack, "tracing", {
    variant: "daemon",
    task: definition,
    application: "shop",
    taskRole,
    executionRole,
    xrayAccess: new XrayAccess(stack, "xray", { policyName: "shop-xray" }),
    image: IMAGE,
    region: "eu-west-1",
    logRetentionDays: 30,
    ...change,
  });
  stack.prepareStack();
  const terraform = fromSynthesized(JSON.parse(JSON.stringify(stack.toTerraform())));
  const { values } = only(every(terraform, "aws_ecs_task_definition"));
  return { terraform, containers: JSON.parse(String(values["container_definitions"])) };
}

const variablesOf = (container: Definition | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]));

describe("E6 DOC-1 the daemon beside an ECS task", () => {
  const { containers, terraform } = traced();
  const [application, other, sidecar] = containers;

  test("DOC-1 has the promised size and port, is pinned by digest and logs with retention", () => {
    expect(sidecar).toMatchObject({
      name: "xray-daemon",
      image: `${IMAGE.image}@${IMAGE.digest}`,
      cpu: 32,
      memoryReservation: 256,
      portMappings: [{ containerPort: 2000, protocol: "udp" }],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-region": "eu-west-1" } },
    });
    const log = only(every(terraform, "aws_cloudwatch_log_group"));
    expect(log.values).toMatchObject({ name: "/ecs/shop/xray-daemon", retention_in_days: 30 });
    const options = object(object(object(sidecar)["logConfiguration"])["options"]);
    expect(options["awslogs-group"]).toBe(`\${${log.address}.name}`);
  });

  test("DOC-1 its end does not end the task, and ECS starts it again", () => {
    expect(sidecar).toMatchObject({ essential: false, restartPolicy: { enabled: true } });
  });

  test("DOC-1 the application alone learns the address, and starts after the sidecar", () => {
    expect(variablesOf(application)).toEqual({ AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000" });
    expect(application).toMatchObject({ dependsOn: [{ containerName: "xray-daemon", condition: "START" }] });
    expect(other).toEqual(OTHER);
  });

  test("DOC-1 IAM-1 the task's role gets the five actions by an attached policy, before the task exists", () => {
    const role = named(terraform, "aws_iam_role", "name", "task");
    const attached = every(terraform, "aws_iam_role_policy_attachment");
    const ours = only(attached.filter(({ values }) => values["role"] === ref(role, "name")));
    const policy = only(
      every(terraform, "aws_iam_policy").filter((one) => ref(one, "arn") === ours.values["policy_arn"]),
    );
    expect(statements(policy.values["policy"]).flatMap(({ Action }) => Action)).toEqual([
      ...XRAY_WRITE_ACTIONS,
    ]);
    const { values } = only(every(terraform, "aws_ecs_task_definition"));
    expect([...(values["depends_on"] as string[])].sort()).toEqual(attached.map((one) => one.address).sort());
    expect(values["task_role_arn"]).toBe(ref(role, "arn"));
  });

  test("the role that starts containers may write this one log", () => {
    const role = named(terraform, "aws_iam_role", "name", "execution");
    const attached = every(terraform, "aws_iam_role_policy_attachment");
    const ours = only(attached.filter(({ values }) => values["role"] === ref(role, "name")));
    const policy = only(
      every(terraform, "aws_iam_policy").filter((one) => ref(one, "arn") === ours.values["policy_arn"]),
    );
    const log = only(every(terraform, "aws_cloudwatch_log_group"));
    expect(statements(policy.values["policy"])).toMatchObject([
      { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${ref(log, "arn")}:*` },
    ]);
  });
});

describe("DOC-1 the collector instead of the daemon", () => {
  test("takes segments over UDP and OTLP over HTTP on loopback, and says both addresses", () => {
    const [application, , sidecar] = traced({ variant: "collector" }).containers;
    expect(sidecar).toMatchObject({
      name: "otel-collector",
      portMappings: [
        { containerPort: 2000, protocol: "udp" },
        { containerPort: 4318, protocol: "tcp" },
      ],
    });
    expect(JSON.parse(variablesOf(sidecar)["AOT_CONFIG_CONTENT"] ?? "")).toMatchObject({
      receivers: {
        awsxray: { endpoint: "127.0.0.1:2000", transport: "udp" },
        otlp: { protocols: { http: { endpoint: "127.0.0.1:4318" } } },
      },
      service: { pipelines: { traces: { receivers: ["awsxray", "otlp"], exporters: ["awsxray"] } } },
    });
    expect(variablesOf(application)).toEqual({
      AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    });
  });

  test("on a bridge it is reached by its name, over a link, and listens beyond loopback", () => {
    const [application, , sidecar] = traced({ variant: "collector" }, { networkMode: "bridge" }).containers;
    expect(application).toMatchObject({ links: ["otel-collector"] });
    expect(variablesOf(application)["AWS_XRAY_DAEMON_ADDRESS"]).toBe("otel-collector:2000");
    expect(variablesOf(sidecar)["AOT_CONFIG_CONTENT"]).toContain("0.0.0.0:2000");
    expect(sidecar).toMatchObject({ portMappings: [{ hostPort: 0 }, { hostPort: 0 }] });
  });
});

describe("DOC-1 props that cannot work are refused by construct path", () => {
  const containers = (...list: readonly object[]) => ({ containerDefinitions: JSON.stringify(list) });

  test.each<[string, Partial<DaemonSidecarProps>, Partial<EcsTaskDefinitionConfig>, RegExp]>([
    [
      "no digest",
      { image: { ...IMAGE, digest: null, reason: "never asked" } },
      {},
      /no digest .*never asked.*pins update/,
    ],
    ["a short digest", { image: { ...IMAGE, digest: "sha256:abc" } }, {}, /digest = "sha256:abc"/],
    ["a tag", { image: { ...IMAGE, image: "public.ecr.aws/a/b:3.x" } }, {}, /HOST\/NAME without a tag/],
    ["an unknown container", { application: "shpo" }, {}, /expected a container of mine\/shop: shop, proxy/],
    [
      "a second sidecar",
      {},
      containers(APPLICATION, { name: "xray-daemon" }),
      /a container xray-daemon .* already/,
    ],
    ["the host's network", {}, { networkMode: "host" }, /network mode host .*expected awsvpc or bridge/],
    [
      "containers that are no text",
      {},
      { containerDefinitions: "${var.containers}" },
      /cannot be read at synth/,
    ],
    [
      "an address of its own",
      {},
      containers({ ...APPLICATION, environment: [{ name: "AWS_XRAY_DAEMON_ADDRESS", value: "x" }] }),
      /AWS_XRAY_DAEMON_ADDRESS in the container shop already/,
    ],
    ["another role", {}, { taskRoleArn: "arn:aws:iam::1:role/x" }, /taskRoleArn = arn:aws:iam::1:role\/x/],
    ["no room in memory", {}, { cpu: "256", memory: "511" }, /ask for memory 512 .* with 511/],
    ["no room in cpu", {}, { cpu: "111", memory: "512" }, /ask for cpu 112 .* with 111/],
  ])("%s", (_title, change, task, message) => {
    expect(() => traced(change, task)).toThrow(message);
    expect(() => traced(change, task)).toThrow(/^mine\/tracing: found .*; expected .*\. Next step: .*\.$/);
  });

  test("what just fits is accepted", () => {
    expect(traced({}, { cpu: "112", memory: "512" }).containers).toHaveLength(3);
  });
});
