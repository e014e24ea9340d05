/** The part of `@std/fmt/colors` that this project uses. */
export declare function bold(text: string): string;
export declare function dim(text: string): string;
export declare function red(text: string): string;
export declare function green(text: string): string;
export declare function yellow(text: string): string;
export declare function cyan(text: string): string;
export declare function stripAnsiCode(text: string): string;
export declare function setColorEnabled(value: boolean): void;
