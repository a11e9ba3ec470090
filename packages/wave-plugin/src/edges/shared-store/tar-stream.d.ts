/** What is used of tar-stream 2, which ships no types. */
declare module 'tar-stream' {
  interface Header {
    name: string;
    type?: string;
    size?: number;
    mode?: number;
    uid?: number;
    gid?: number;
    uname?: string;
    gname?: string;
    mtime?: Date;
  }
  interface Pack extends AsyncIterable<Uint8Array> {
    entry(header: Header, content: Buffer): void;
    finalize(): void;
  }
  interface Extract extends NodeJS.WritableStream {
    on(
      event: 'entry',
      listener: (header: Header, stream: NodeJS.ReadableStream, next: (error?: Error) => void) => void,
    ): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'finish', listener: () => void): this;
    destroy(error?: Error): void;
  }
  export function pack(): Pack;
  export function extract(): Extract;
}
