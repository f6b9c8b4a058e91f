import type { Feature } from './budget-watch.ts';

/** A feature that asks whether it may: nothing is taken down, it only rests. */
export class FeatureSwitch implements Feature {
  readonly name: string;
  #isOn = true;

  /** @param name - What it does, as people read it. */
  constructor(name: string) {
    this.name = name;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  stop(): void {
    this.#isOn = false;
  }

  start(): void {
    this.#isOn = true;
  }
}
