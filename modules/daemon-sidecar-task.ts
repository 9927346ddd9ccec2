import type { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { Construct } from "constructs";
import * as v from "valibot";
import { ConstructError } from "./construct-error";
import { SIDECAR_CPU, SIDECAR_MEMORY_MIB, type TaskNetwork } from "./daemon-sidecar-container";

const CONTAINER = v.looseObject({
  name: v.string(),
  cpu: v.optional(v.number()),
  memory: v.optional(v.number()),
  memoryReservation: v.optional(v.number()),
  environment: v.optional(v.array(v.looseObject({ name: v.string() }))),
  links: v.optional(v.array(v.string())),
  dependsOn: v.optional(v.array(v.looseObject({}))),
});

/** A container of a task definition; what the sidecar does not look at is kept as it is. */
export type TaskContainer = v.InferOutput<typeof CONTAINER>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The containers a task definition has so far.
 *
 * @throws ConstructError when they are no JSON list of named containers, for example a reference
 */
export function containersOf(scope: Construct, task: EcsTaskDefinition): readonly TaskContainer[] {
  const result = v.safeParse(v.array(CONTAINER), parsed(task.containerDefinitionsInput ?? ""));
  if (result.success) return result.output;
  throw new ConstructError(scope, {
    found: "container definitions that cannot be read at synth",
    expected: "containerDefinitions: JSON.stringify([{ name, image, … }])",
    nextStep: `write the containers of ${task.node.path} as JSON text`,
  });
}

/**
 * How the containers of a task reach each other.
 *
 * @throws ConstructError on `host` and `none`: two tasks of one instance would share the daemon's port, or reach none
 */
export function networkOf(scope: Construct, task: EcsTaskDefinition): TaskNetwork {
  const mode = task.networkModeInput ?? "bridge";
  if (mode === "awsvpc" || mode === "bridge") return mode;
  throw new ConstructError(scope, {
    found: `network mode ${mode} of ${task.node.path}`,
    expected: "awsvpc or bridge",
    nextStep: "set networkMode to awsvpc, which Fargate needs anyway",
  });
}

/** MiB ECS counts for a container: its hard limit, or else what it reserves. */
function memoryOf({ memory, memoryReservation }: TaskContainer): number {
  return memory ?? memoryReservation ?? 0;
}

/**
 * Refuses a task whose own limits leave no room for the sidecar; ECS would only when somebody applies.
 *
 * @throws ConstructError naming what the containers ask for and what the task has
 */
export function requireRoom(
  scope: Construct,
  task: EcsTaskDefinition,
  containers: readonly TaskContainer[],
): void {
  const wanted = {
    cpu: containers.reduce((sum, { cpu }) => sum + (cpu ?? 0), SIDECAR_CPU),
    memory: containers.reduce((sum, one) => sum + memoryOf(one), SIDECAR_MEMORY_MIB),
  };
  for (const [limit, asked, given] of [
    ["cpu", wanted.cpu, task.cpuInput],
    ["memory", wanted.memory, task.memoryInput],
  ] as const) {
    // Absent on EC2 without task limits; text such as "1 vCPU" is left to ECS.
    if (given === undefined || !/^\d+$/.test(given) || asked <= Number(given)) continue;
    throw new ConstructError(scope, {
      found: `containers that ask for ${limit} ${asked} with the sidecar, in a task with ${given}`,
      expected: `at most ${given}`,
      nextStep: `raise ${limit} of ${task.node.path}, or lower it in a container`,
    });
  }
}
