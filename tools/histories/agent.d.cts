export interface Envelope {
  records?: unknown[];
}

export declare function act(given: {
  id: string;
  role: string;
  prompt: string;
  program: unknown;
  read(path: string): string | null;
}): { writes: [path: string, text: string][]; envelope: Envelope };

export declare function blobOf(text: string): string;
