/** What a recorded event keeps of the announcements that describe the machine and not the run. */
const announcementKeys = [
  'type',
  'subtype',
  'session_id',
  'model',
  'cwd',
  'permissionMode',
  'claude_code_version',
];

/**
 * Makes a transcript that can be kept: no path, port, clock or random id of the machine that recorded it.
 * @param {string[]} lines transcript lines `{"stream","text"}`
 * @param {string} folder everything of the recording lies below it
 */
export function scrubTranscript(lines, folder) {
  const ids = new Map();
  const stable = (prefix, id, width) => {
    if (!ids.has(id)) ids.set(id, `${prefix}${String(ids.size + 1).padStart(width, '0')}`);
    return ids.get(id);
  };
  return lines.map((line) => {
    const { stream, text } = JSON.parse(line);
    const scrubbed = trim(text)
      .replaceAll(folder, '/recorded')
      .replaceAll(folder.slice(1), 'recorded')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
        stable('00000000-0000-4000-8000-', id, 12),
      )
      .replace(/\b(ses|prt|msg)_[0-9a-zA-Z]{12,}/g, (id, kind) => stable(`${kind}_`, id, 8))
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:4000')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-01-01T00:00:00.000Z')
      .replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, 'Thu, 01 Jan 2026 00:00:00 GMT')
      .replace(/"(timestamp|start|end)":\d{13}/g, '"$1":1767225600000')
      .replace(/"(snapshot)":"[0-9a-f]{40}"/g, `"$1":"${'0'.repeat(40)}"`)
      .replace(/"(\w+_ms)":[\d.]+/g, '"$1":1000');
    return JSON.stringify({ stream, text: scrubbed });
  });
}

function trim(text) {
  if (!text.startsWith('{')) return text;
  const event = JSON.parse(text);
  if (event.subtype !== 'init') return text;
  return JSON.stringify(Object.fromEntries(announcementKeys.map((key) => [key, event[key]])));
}
