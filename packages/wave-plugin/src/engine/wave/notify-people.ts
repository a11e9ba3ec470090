import type { Notification } from '@nx-wave/schemas';
import { canonicalJson } from '@nx-wave/schemas/plain';
import type { NotifySettings } from '../../core/model';
import { webhookAddress } from '../../edges/notify/webhook-address';
import type { PostEdge } from '../../edges/notify/post';
import { agentEnvironment } from '../../edges/processes/environment';
import type { Redactor } from '../../edges/processes/redact';
import type { Edges } from '../session/edges';

/** How long a notifier may take. */
const limitMs = 30_000;

export interface NotifyContext {
  edges: Edges;
  workspaceRoot: string;
  settings: NotifySettings;
  redactor: Redactor;
  post: PostEdge;
}

/**
 * Tells people by what the configuration names, without the secrets that we know. Nothing that happens here changes what is
 * told: the sentences that come back say what could not be done, and are for the person who reads the outcome.
 */
export async function notifyPeople(context: NotifyContext, notification: Notification): Promise<string[]> {
  const { settings, redactor } = context;
  if (!settings.on.includes(notification.event)) return [];
  const body = canonicalJson(redacted(notification, (text) => redactor.redact(text)));
  const failed: string[] = [];
  const [program, ...args] = settings.command;
  if (program !== undefined) {
    const why = await tellByCommand(context, [program, ...args], body);
    if (why !== null)
      failed.push(`notify.command (${program}) did not take \`${notification.event}\`: ${why}`);
  }
  if (settings.webhook !== null) {
    const why = await tellByWebhook(context, settings.webhook, body);
    if (why !== null) failed.push(`notify.webhook did not take \`${notification.event}\`: ${why}`);
  }
  return failed.map((text) => redactor.redact(text));
}

async function tellByCommand(
  { edges, workspaceRoot, settings }: NotifyContext,
  [program, ...args]: [string, ...string[]],
  body: string,
): Promise<string | null> {
  const { cause, code, errorCode, signal } = await edges.processes.supervise(program, args, {
    cwd: workspaceRoot,
    env: agentEnvironment(edges.env, { allow: settings.env, adapterNames: [], set: {} }),
    stdin: `${body}\n`,
    hardLimitMs: limitMs,
    idleLimitMs: 0,
    // What is told last is told of a run that was cancelled, too.
    signal: new AbortController().signal,
    onOutput: () => undefined,
  });
  if (cause === 'exit' && code === 0) return null;
  if (cause === 'spawn-error') return `it could not be started (${errorCode ?? 'no reason was given'})`;
  if (cause === 'timeout') return `it took longer than ${limitMs / 1000} s`;
  return code === null ? `it was ended by ${signal ?? 'a signal'}` : `it ended with exit code ${code}`;
}

async function tellByWebhook(
  { edges, post }: NotifyContext,
  written: string,
  body: string,
): Promise<string | null> {
  const address = webhookAddress(written, edges.env);
  return 'why' in address ? address.why : post(address.url, body, { timeoutMs: limitMs });
}

/** A document with every text of it gone through `redact`; keys are ours. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => redacted(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redacted(one, redact)]));
}
