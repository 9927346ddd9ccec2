/**
 * Stands in for the recorder of screens that the monitoring client would bring along, two thirds of its size. This page
 * does not record what people do.
 */
export function record(): never {
  throw new Error("Session replay is no part of this page; leave it out of the monitor's telemetries.");
}
