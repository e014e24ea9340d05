/**
 * What a subject's declared constraints say about a workload's self-check.
 * @module
 */
import type { Prediction, Subject } from "../results/types.ts";
import { type Catalogue, entryOf } from "./catalogue.ts";
import { factsOf } from "./workload_facts.ts";

const PASS: Prediction = { check: "pass", because: "" };

/** Facts that decide, for any engine. */
interface Nature {
  readonly exclusivesRight: boolean;
  readonly sameValueSeen: boolean;
  readonly orderKept: boolean;
  readonly name: string;
}

function natureOf(subject: Subject, catalogue: Catalogue): Nature | null {
  if (subject.engine === "fake") return null;
  if (subject.engine === "qemu") {
    // QEMU emulates store-exclusive by a compare-exchange of the noted value and emits barriers.
    return { exclusivesRight: true, sameValueSeen: false, orderKept: true, name: "QEMU" };
  }
  const { constraints } = entryOf(catalogue.atomics, subject.atomics, "atomics strategy");
  const barriers = entryOf(catalogue.barriers, subject.barriers, "barriers strategy");
  const scheduling = entryOf(catalogue.scheduling, subject.scheduling, "scheduling strategy");
  const parallel = scheduling.constraints.parallel;
  return {
    exclusivesRight: !parallel || constraints.correctInParallel,
    sameValueSeen: constraints.abaSafe === "yes",
    orderKept: !parallel || barriers.constraints.correctInParallel,
    name: subject.atomics,
  };
}

/** The prediction for one cell; `negativeControl` is the group's reason, if it is one. */
export function predict(
  subject: Subject,
  workload: string,
  vcpus: number,
  catalogue: Catalogue,
  negativeControl?: string,
): Prediction {
  const nature = natureOf(subject, catalogue);
  if (nature === null || vcpus === 1) return PASS;
  if (negativeControl !== undefined) return { check: "may-fail", because: negativeControl };
  const check = factsOf(workload).check;
  if (check === "reservation" && !nature.sameValueSeen) {
    return {
      check: "fail",
      because: `${nature.name} compares values: it does not see another vCPU's store of the same ` +
        "value between load-exclusive and store-exclusive.",
    };
  }
  if (check === "aba" && !nature.sameValueSeen) {
    return {
      check: "may-fail",
      because: `${nature.name} compares values: a stack top that was A, B and A again passes.`,
    };
  }
  if ((check === "exclusives" || check === "aba") && !nature.exclusivesRight) {
    return {
      check: "may-fail",
      because: `${nature.name} is not atomic when vCPUs run in parallel.`,
    };
  }
  if (check === "ordering" && !nature.orderKept) {
    return {
      check: "may-fail",
      because: "The barriers scheme does not keep the guest's memory order.",
    };
  }
  return PASS;
}
