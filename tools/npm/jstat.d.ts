/** Student's t distribution. */
export interface StudentT {
  /** Probability that a variable with `dof` degrees of freedom is at most `x`. */
  cdf(x: number, dof: number): number;
  /** The value that it is at most with probability `p`. */
  inv(p: number, dof: number): number;
}

/** The part of `jstat` that this project uses. */
declare const jstat: {
  /** Student's t distribution. */
  readonly studentt: StudentT;
};
export default jstat;
