/** WCAG 2.2, 1.4.3: of text to what is behind it. */
const ENOUGH = 4.5;
const card = { light: '#ffffff', dark: '#1a2320' };

/**
 * A partner's colour for text and buttons on the page's card, by day and by night: as it is where it can be read there, else
 * darker or lighter until it can.
 *
 * @param color `#0b6b53`
 */
export const accents = (color: string): { light: string; dark: string } => ({
  light: readable(color, card.light, 0),
  dark: readable(color, card.dark, 255),
});

function readable(color: string, behind: string, towards: number): string {
  for (let part = 0; ; part += 0.05) {
    const mixed = hex(rgb(color).map((value) => value + (towards - value) * Math.min(part, 1)));
    if (contrast(mixed, behind) >= ENOUGH || part >= 1) return mixed;
  }
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = rgb(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const rgb = (color: string) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const hex = (values: number[]) =>
  `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
