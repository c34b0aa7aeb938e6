import { describe, expect, test } from 'vitest'
import { fitWithin, isSentAsIs, jpegName, withPhotos, wordAgent, type Need } from '../src'

describe('photos', () => {
  test('the longer side is at most 1600 and nothing is made larger', () => {
    expect(fitWithin(4000, 3000)).toEqual({ width: 1600, height: 1200 })
    expect(fitWithin(3000, 4000)).toEqual({ width: 1200, height: 1600 })
    expect(fitWithin(640, 480)).toEqual({ width: 640, height: 480 })
    expect(fitWithin(16000, 2)).toEqual({ width: 1600, height: 1 })
  })

  test('only a small JPEG goes as it is', () => {
    expect(isSentAsIs('image/jpeg', 1600, 1200)).toBe(true)
    expect(isSentAsIs('image/jpeg', 1601, 1200)).toBe(false)
    expect(isSentAsIs('image/png', 10, 10)).toBe(false)
  })

  test('a drawn picture is named as the JPEG that it is', () => {
    expect(jpegName('现场.照片.HEIC')).toBe('现场.照片.jpg')
    expect(jpegName('.png')).toBe('photo.jpg')
  })

  const need = (field: string, type: string): Need => ({ field, label: field, type, required: true })
  const photos = { field: 'blobs', label: '照片', type: 'photo', required: false }

  test('a move told in words may carry photos; one with its own photo field asks once', () => {
    expect(withPhotos([need('text', 'text')], '照片')).toEqual([need('text', 'text'), photos])
    const named = [need('text', 'text'), need('after_photo', 'photo')]
    expect(withPhotos(named, '照片')).toEqual(named)
    expect(withPhotos([], '照片')).toEqual([])
  })
})

describe('programs that log in', () => {
  test.each([
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge 140 · Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/141.0.0.0 Safari/537.36', 'Chrome 141 · Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari 18 · iOS'],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile MicroMessenger/8.0.49', 'WeChat 8.0.49 · Android'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['', ''],
  ])('%s', (agent, words) => {
    expect(wordAgent(agent)).toBe(words)
  })
})
