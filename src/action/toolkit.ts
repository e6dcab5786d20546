import { addPath, error, getInput, getState, info, notice, saveState, setOutput, setSecret, warning } from '@actions/core';

/** Where an annotation points. */
export type AnnotationPlace = {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
};

/**
 * What the runner offers an action. All but `info` escape what they are given, so that nothing in it is another command;
 * lines for `info` are made by `logLine` (untrusted-text.ts).
 */
export type Toolkit = {
  getInput(name: string): string;
  getState(name: string): string;
  /** From here on the log shows `***` in its place, and in that of each of its lines. */
  setSecret(value: string): void;
  setOutput(name: string, value: string): void;
  /** For post, of this use of the action only. */
  saveState(name: string, value: string): void;
  /** For later steps. */
  addPath(folder: string): void;
  info(line: string): void;
  notice(message: string, place: AnnotationPlace): void;
  warning(message: string, place: AnnotationPlace): void;
  error(message: string, place: AnnotationPlace): void;
};

export const runnerToolkit: Toolkit = { getInput, getState, setSecret, setOutput, saveState, addPath, info, notice, warning, error };
