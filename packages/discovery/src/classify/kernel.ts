import type { KernelFound } from '@sentinel/protocol';

/** Kernel of a `kernel.json` that starts a program, or undefined. Source: Jupyter client documentation, kernel specs. */
export function parseKernel(path: string, text: string): KernelFound | undefined {
  try {
    const value = JSON.parse(text) as { argv?: unknown; display_name?: unknown; language?: unknown } | null;
    if (value === null || !Array.isArray(value.argv) || typeof value.argv[0] !== 'string') return undefined;
    if (value.language !== undefined && value.language !== 'python') return undefined;
    return {
      path,
      name: typeof value.display_name === 'string' ? value.display_name : 'kernel',
      interpreter: value.argv[0],
    };
  } catch {
    return undefined;
  }
}
