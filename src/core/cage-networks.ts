/** Ranges that are never routed (RFC 2544, RFC 4193): whatever a cage has besides its loopback has its address there. */
export const CAGE_IPV4 = ['198.18', '198.19'] as const;
export const CAGE_IPV6 = 'fd64:7574:7900';
