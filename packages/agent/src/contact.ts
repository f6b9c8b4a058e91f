/** How it stands with the server: read by status, written by everything that sends. */
export class Contact {
  #lastAt: string | undefined;
  #problem: string | undefined = 'no answer yet';

  /** Time of the last valid answer. */
  get lastAt(): string | undefined {
    return this.#lastAt;
  }

  /** Why the last exchange failed; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The server answered as it should. */
  succeeded(): void {
    this.#lastAt = new Date().toISOString();
    this.#problem = undefined;
  }

  /** It did not. @returns whether this is news, so that a log can stay short. */
  failed(problem: string): boolean {
    const isNews = this.#problem !== problem;
    this.#problem = problem;
    return isNews;
  }
}
