// The number of a label, as `doors/giving/labels.py` makes it: nine signs by chance and their check.

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function labelByChance(): string {
  const signs = crypto.getRandomValues(new Uint8Array(9)).map((byte) => byte & 31);
  let total = 0;
  signs.reverse().forEach((sign, place) => {
    const addend = sign * (place % 2 === 0 ? 2 : 1);
    total += (addend >> 5) + (addend & 31);
  });
  const check = (32 - (total % 32)) % 32;
  return [...signs.reverse(), check].map((sign) => SYMBOLS[sign]).join("");
}
