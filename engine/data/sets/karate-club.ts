// Zachary's karate club, the small graph on which every graph network is shown first. Short enough to stand here.

import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** For each member the friends with a higher number; those after the last have none. */
const friends: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
  [2, 3, 7, 13, 17, 19, 21, 30],
  [3, 7, 8, 9, 13, 27, 28, 32],
  [7, 12, 13],
  [6, 10],
  [6, 10, 16],
  [16],
  [],
  [30, 32, 33],
  [33],
  [],
  [],
  [],
  [33],
  [32, 33],
  [32, 33],
  [],
  [],
  [32, 33],
  [33],
  [32, 33],
  [],
  [32, 33],
  [25, 27, 29, 32, 33],
  [25, 27, 31],
  [31],
  [29, 33],
  [33],
  [31, 33],
  [32, 33],
  [32, 33],
  [32, 33],
  [33],
];
const members = 34;
const instructorsClub = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21];

export interface KarateClub {
  /** [78, 2], int32: pairs of members who met outside the club, each once, the lower number first. */
  readonly edges: Tensor;
  /** [34], int32: the club that a member went to after the quarrel, 0 the instructor's (Mr. Hi), 1 the officers'. */
  readonly labels: Tensor;
}

/**
 * The friendships of 34 members of a karate club that split in two, 17 and 17, after its instructor (member 0) and its
 * president (member 33) fell out. The graph of NetworkX, with the weights left out.
 *
 * W. W. Zachary, An Information Flow Model for Conflict and Fission in Small Groups, Journal of Anthropological Research 33
 * (1977), https://doi.org/10.1086/jar.33.4.3629752
 *
 * @example
 * const { edges, labels } = data.karateClub();
 * edges.shape; // [78, 2]
 * labels.sum().itemSync(); // 17
 */
export function karateClub(): KarateClub {
  const pairs = friends.flatMap((others, member) => others.map((other) => [member, other]));
  const labels = Int32Array.from({ length: members }, (_, member) => (instructorsClub.includes(member) ? 0 : 1));
  return { edges: tensor(pairs, { dtype: "int32" }), labels: tensor(labels) };
}
