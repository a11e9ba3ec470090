import { isInternalAddress } from './internal-address';

it.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['0.0.0.0', true],
  ['10.1.2.3', true],
  ['100.64.0.1', true],
  ['169.254.169.254', true],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['8.8.8.8', false],
  ['::', true],
  ['::1', true],
  ['fd00:ec2::254', true],
  ['fe80::1%eth0', true],
  ['2606:4700::1111', false],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::a00:1', true],
  ['64:ff9b::808:808', false],
  ['localhost', true],
])('%s leads to the machine or its own networks: %s', (address, expected) => {
  expect(isInternalAddress(address)).toBe(expected);
});
