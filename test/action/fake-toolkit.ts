import type { AnnotationPlace, Toolkit } from '#action/toolkit.ts';

type Annotation = { readonly level: 'notice' | 'warning' | 'error'; readonly message: string } & AnnotationPlace;

/** A runner's toolkit that remembers what it was told, in order. */
export type FakeToolkit = Toolkit & {
  readonly lines: string[];
  readonly annotations: Annotation[];
  readonly secrets: string[];
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly path: string[];
  errors(): readonly string[];
};

export function fakeToolkit(inputs: Readonly<Record<string, string>> = {}, state: Record<string, string> = {}): FakeToolkit {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  const secrets: string[] = [];
  const outputs: Record<string, string> = {};
  const path: string[] = [];
  const annotate = (level: Annotation['level']) => (message: string, place: AnnotationPlace) =>
    void annotations.push({ level, message, ...place });
  return {
    ...{ lines, annotations, secrets, outputs, state, path },
    errors: () => annotations.filter(({ level }) => level === 'error').map(({ message }) => message),
    getInput: (name) => inputs[name] ?? '',
    getState: (name) => state[name] ?? '',
    setSecret: (value) => void secrets.push(value),
    setOutput: (name, value) => void Object.assign(outputs, { [name]: value }),
    saveState: (name, value) => void Object.assign(state, { [name]: value }),
    addPath: (folder) => void path.push(folder),
    info: (line) => void lines.push(line),
    notice: annotate('notice'),
    warning: annotate('warning'),
    error: annotate('error'),
  };
}
