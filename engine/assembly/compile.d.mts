/** The module that holds the kernels. */
export declare const OUTPUT: URL;
/** Its text, compiled from `kernels.ts`; rejects with what the compiler says. */
export declare function compileKernels(): Promise<string>;
