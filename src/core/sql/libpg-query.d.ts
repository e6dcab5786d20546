/** The Emscripten module in each `libpg-query` package: its own typings cover only the wrapper around it. */
declare module 'libpg-query-*/wasm/libpg-query.js' {
  type Runtime = {
    /** UTF-8 length without the terminating NUL. */
    lengthBytesUTF8(text: string): number;
    /** Writes at most `bytesMax` bytes, terminating NUL included. */
    stringToUTF8(text: string, pointer: number, bytesMax: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** Returns a pointer to PgQueryParseResult, or 0. */
    _wasm_parse_query_raw(text: number): number;
    _wasm_free_parse_result(result: number): void;
  };
  function load(options: { locateFile(file: string, folder: string): string }): Promise<Runtime>;
  export = load;
}
