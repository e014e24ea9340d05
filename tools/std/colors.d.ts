/** The part of `@std/fmt/colors` that this project uses. */
export declare function bold(text: string): string;
/** Dim text. */
export declare function dim(text: string): string;
/** Red text. */
export declare function red(text: string): string;
/** Green text. */
export declare function green(text: string): string;
/** Yellow text. */
export declare function yellow(text: string): string;
/** Cyan text. */
export declare function cyan(text: string): string;
/** The text without escape sequences. */
export declare function stripAnsiCode(text: string): string;
/** Switches colours on or off; NO_COLOR in the environment switches them off. */
export declare function setColorEnabled(value: boolean): void;
