import { BASELINE_TAG } from "../../contract/rollback";
import { imageLifecycle, type LifecyclePolicy, RELEASE_TAG_PREFIX } from "../../modules/image-lifecycle";
import { ImageRepository } from "../../modules/image-repository";
import { ownStack } from "./own-stack";
import { every, only, STACKS } from "./parts";

interface Image {
  readonly tags: readonly string[];
  readonly ageDays: number;
}

/** What ECR would expire (ECR user guide, "How lifecycle policies work"): rules by priority, newest images kept. */
function expired(policy: LifecyclePolicy, images: readonly Image[]): readonly Image[] {
  const newestFirst = [...images].sort((a, b) => a.ageDays - b.ageDays);
  return policy.rules.flatMap(({ selection }) => {
    const prefixes = selection.tagPrefixList ?? [];
    const selected = newestFirst.filter(({ tags }) =>
      selection.tagStatus === "untagged"
        ? tags.length === 0
        : tags.some((tag) => prefixes.some((prefix) => tag.startsWith(prefix))),
    );
    return selection.countType === "imageCountMoreThan"
      ? selected.slice(selection.countNumber)
      : selected.filter(({ ageDays }) => ageDays > selection.countNumber);
  });
}

describe("what expires in the repository", () => {
  const baseline: Image = { tags: [BASELINE_TAG], ageDays: 4000 };
  const laterBaseline: Image = { tags: [`${BASELINE_TAG}-1.2.3`], ageDays: 3000 };
  const releases = Array.from(
    { length: 30 },
    (_, ageDays): Image => ({
      tags: [`${RELEASE_TAG_PREFIX}${ageDays}`],
      ageDays,
    }),
  );
  const leftover: Image = { tags: [], ageDays: 15 };

  test.each([1, 20, 1000])("SSE-A7 the baseline stays for ever, however few releases do (%d)", (keep) => {
    const gone = expired(imageLifecycle(keep), [baseline, laterBaseline, ...releases, leftover]);
    expect(gone.filter(({ tags }) => !tags[0]?.startsWith(RELEASE_TAG_PREFIX))).toEqual([leftover]);
  });

  test("SSE-A7 old releases and leftovers go, new ones stay", () => {
    const gone = expired(imageLifecycle(20), [baseline, ...releases, leftover]);
    expect(gone).toEqual([...releases.slice(20), leftover]);
    expect(expired(imageLifecycle(20), [{ tags: [], ageDays: 13 }])).toEqual([]);
  });

  test("SSE-A7 no rule selects every image or a prefix of the baseline's tag", () => {
    for (const { selection } of imageLifecycle(20).rules) {
      expect(["tagged", "untagged"]).toContain(selection.tagStatus);
      for (const prefix of selection.tagPrefixList ?? []) expect(BASELINE_TAG.startsWith(prefix)).toBe(false);
    }
  });
});

describe.each(STACKS)("the repository of %s", (environment, terraform) => {
  const repository = only(every(terraform, "aws_ecr_repository"));

  test("SSE-A2 tags never move, images are scanned and encrypted", () => {
    expect(repository.values).toMatchObject({
      name: `${environment}-sentiment-sse`,
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "AES256" }],
    });
    expect(repository.values).not.toHaveProperty("force_delete");
  });

  test("SSE-A7 its lifecycle is the one that keeps the baseline", () => {
    const policy = only(every(terraform, "aws_ecr_lifecycle_policy"));
    expect(policy.values["repository"]).toBe(`${environment}-sentiment-sse`);
    expect(JSON.parse(String(policy.values["policy"]))).toEqual(imageLifecycle(20));
  });
});

test.each([0, 1.5, 1001])("it refuses to keep %d releases", (keepReleases) => {
  expect(() => new ImageRepository(ownStack(), "images", { repositoryName: "mine", keepReleases })).toThrow(
    /mine\/images: found keepReleases = .+ from 1 to 1000/,
  );
});
