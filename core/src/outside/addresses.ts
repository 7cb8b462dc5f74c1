import { BlockList, isIP } from 'node:net';

/** IPv4 that is not of the public net: RFC 6890 and what clouds put their own services on. */
const RANGES_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only 2000::/3 is public; of that these are not, or hide an IPv4 address. */
const RANGES_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const listOf = (ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
};
const private4 = listOf(RANGES_4, 'ipv4');
const public6 = listOf(['2000::/3'], 'ipv6');
const private6 = listOf(RANGES_6, 'ipv6');

/** Whether it is an address of the public net; what is no address is not. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !private4.check(address, 'ipv4');
  return family === 6 && public6.check(address, 'ipv6') && !private6.check(address, 'ipv6');
};
