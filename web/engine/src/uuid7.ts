/**
 * A UUID of version 7 from an instant (epoch milliseconds) and ten random bytes. Whoever creates a thing names it, so
 * that sending it twice is the same as sending it once.
 */
export function uuid7(now: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('uuid7 needs ten random bytes')
  const bytes = new Uint8Array(16)
  let rest = now
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
