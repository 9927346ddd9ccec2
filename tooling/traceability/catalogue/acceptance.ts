import type { Entry } from "../requirement";

/**
 * Lines by which the parts of the work are accepted, cited in test titles. The browser part numbers its lines D1 to D7;
 * those ids belong to defects, so its tests cite requirements.
 */
export const ACCEPTANCE_ENTRIES: readonly Entry[] = [
  ["A1", "TF", "A fresh clone plans every environment offline"],
  ["A2", "TF", "The same sources give the same bytes, by either way of synthesizing"],
  ["A3", "TF", "A chain with one link missing does not synthesize"],
  ["A4", "EMU", "The synthesized zips run the pipeline in one trace"],
  ["A5", "EMU", "Seven silent failures, provoked, are seen on trace and metric"],
  ["A6", "RT", "Original mistakes put back are noticed by a named test"],
  ["A7", "RT", "Synthesis and cold start are faster than stock, as measured"],
  ["A8", "STATIC", "Import map, formatting, types, file sizes and docs are in order"],
  ["B1", "TF", "Alarms, widgets and contract agree; rehearsal of our plans is clean"],
  ["B2", "TF", "Every rule has a plan that keeps it and one that breaks it"],
  ["B3", "TF", "The original alarms get the verdicts they deserve"],
  ["B4", "RT", "The evaluator agrees with AWS's missing-data tables"],
  ["B5", "RT", "A month of data for 500 alarms is rehearsed in linear time"],
  ["B6", "BR", "Command line and report work for a new user"],
  ["C1", "EMU", "Warm invocations keep their traces apart"],
  ["C2", "EMU", "No span is lost; with a broken collector the loss is counted"],
  ["C3", "EMU", "A stream ends in order before its deadline"],
  ["C4", "RT", "A hundred warm invocations leak nothing"],
  ["C5", "EMU", "Resuming anywhere repeats and loses nothing"],
  ["C6", "STATIC", "The image is really built, pinned and run"],
  ["C7", "STATIC", "Collector and environment equal the contract"],
  ["C8", "RT", "Tracing costs little throughput and latency"],
  ["C9", "STATIC", "Every streaming requirement has a test or a gate"],
  ["E1", "EMU", "The canary meets every misbehaviour and exits normally"],
  ["E2", "EMU", "Each probe is right about good and broken"],
  ["E3", "RT", "The filter grammar accepts and refuses as AWS does"],
  ["E4", "EMU", "The kill switch changes one variable and sees rivals"],
  ["E5", "EMU", "Each gate passes, fails, and refuses missing data"],
  ["E6", "TF", "The sidecar example plans offline"],
  ["E7", "STATIC", "No requirement is left without test or gate"],
  ["E8", "STATIC", "A newcomer understands a provoked failure within an hour"],
];
