import { webhookAddress } from './webhook-address';

describe('the address of a webhook', () => {
  it.each([
    ['https://hooks.example.com/a?b=c', { url: 'https://hooks.example.com/a?b=c' }],
    ['http://127.0.0.1:8080/x', { url: 'http://127.0.0.1:8080/x' }],
    ['http://localhost/x', { url: 'http://localhost/x' }],
    ['$HOOK', { url: 'https://secret.example.com/1' }],
    ['${HOOK}', { url: 'https://secret.example.com/1' }],
    ['$NONE', { why: 'the variable NONE is not set' }],
    ['http://hooks.example.com/', { why: 'its address begins with http: and has to be https:' }],
    ['file:///etc/passwd', { why: 'its address begins with file: and has to be https:' }],
    ['hooks', { why: 'its address is none' }],
  ])('%s is %j', (written, expected) => {
    expect(webhookAddress(written, { HOOK: 'https://secret.example.com/1' })).toEqual(expected);
  });
});
