import { BlockList, isIP } from 'node:net';

/** Ranges that lead to the machine itself or to networks that only it reaches: loopback, link-local with the metadata of clouds, private. */
const ranges4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];
const ranges6: readonly (readonly [string, number])[] = [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
/** Prefixes of IPv6 behind which an address of IPv4 stands: mapped, and translated by NAT64. */
const carriers = ['::ffff:', '64:ff9b::'];

const internal = new BlockList();
for (const [address, bits] of ranges4) {
  internal.addSubnet(address, bits, 'ipv4');
  for (const carrier of carriers) internal.addSubnet(`${carrier}${address}`, 96 + bits, 'ipv6');
}
for (const [address, bits] of ranges6) internal.addSubnet(address, bits, 'ipv6');

/** Whether an address leads to this machine or to a network of its own; also true of what is no address. */
export function isInternalAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const version = isIP(plain);
  return version === 0 || internal.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
