import type { Need } from './moves'

/** The longer side of a photo that is sent, in pixels: enough to read a number plate across a street. */
export const PHOTO_SIDE = 1600
/** How many files one report or move may carry. */
export const PHOTOS_MAX = 20

/** The size to draw a picture at so that no side exceeds `side`; never larger than it is. */
export function fitWithin(width: number, height: number, side = PHOTO_SIDE): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A small JPEG goes as it is: drawing it again would only lose detail. */
export function isSentAsIs(type: string, width: number, height: number): boolean {
  return type === 'image/jpeg' && Math.max(width, height) <= PHOTO_SIDE
}

/** The name under which a picture travels once it is a JPEG. */
export function jpegName(name: string): string {
  return `${name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`
}

/** A move that is told in words may always carry photos; one that names its photo field keeps to that. */
export function withPhotos(needs: readonly Need[], label: string): Need[] {
  const told = needs.some((need) => need.type === 'text')
  const named = needs.some((need) => need.type === 'photo')
  return told && !named ? [...needs, { field: 'blobs', label, type: 'photo', required: false }] : [...needs]
}
