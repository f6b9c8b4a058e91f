import type { SyntaxNode } from '../parse.ts';
import type { Run } from './run.ts';
import type { LocalClass, LocalFunction, Scope, Taint, Value } from './value.ts';

/** What the parts of the interpreter ask of one another. */
export interface Interpreter {
  readonly run: Run;
  evaluate(node: SyntaxNode, scope: Scope): Value;
  execute(node: SyntaxNode, scope: Scope): void;
  isStatement(node: SyntaxNode): boolean;
  /** Gives a value to a target: name, attribute, subscript or pattern. */
  bind(target: SyntaxNode, value: Value, scope: Scope): void;
  /** A member of a value: attribute of an object, a module or a class. */
  memberOf(node: SyntaxNode, object: Value, name: string): Value;
  /** What iteration over a value yields. */
  elementOf(node: SyntaxNode, value: Value): Value;
  /** A member of a class of the file or of its bases. */
  findMember(owner: LocalClass, name: string): Value | undefined;
  /** What a function of the file returns for these arguments. */
  callLocal(
    callee: LocalFunction,
    call: SyntaxNode,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
  ): Value;
  /** What a parameter or name with this annotation holds. */
  valueOfAnnotation(node: SyntaxNode, scope: Scope): Value;
  /** The class whose body a scope is. */
  classOf(scope: Scope): LocalClass | undefined;
  makeFunction(node: SyntaxNode, scope: Scope, owner: LocalClass | undefined): Value;
  /** Remembers a function, so that its body is evaluated even if nothing calls it. */
  noteFunction(local: LocalFunction): void;
  /** Remembers a class by its scope. */
  noteClass(local: LocalClass): void;
  /** Adds to what the function being evaluated returns. */
  addResult(value: Value): void;
  /** Module from which a name that nothing binds was probably imported with a star. */
  starModuleOf(name: string): string | undefined;
  /** What a value carries, without credentials where its name says that it is one. */
  withoutCredentials(name: string, taint: Taint): Taint;
  /** What an environment variable carries: a secret, by its name. */
  environmentTaint(node: SyntaxNode, name: string | undefined): Taint;
}
