// The difference of two texts in words, for people.
const words = new Intl.Segmenter([], { granularity: 'word' });

/** Answers the parts in order, each with its element: del is in the first text alone, ins in the second. */
export function difference(first, second) {
  const [a, b] = [first, second].map((text) => Array.from(words.segment(text), ({ segment }) => segment));
  // How many words the rests from two places have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length; i--; ) {
    for (let j = b.length; j--; ) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const parts = [];
  let part = { span: '', del: '', ins: '' };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isSame = a[i] === b[j];
    const isChanging = part.del || part.ins;
    // A space between two changed words belongs to the change.
    if (isSame && isChanging && !a[i].trim() && a[i + 1] !== b[j + 1]) {
      part.del += a[i++];
      part.ins += b[j++];
    } else if (isSame) {
      if (isChanging) {
        parts.push(part);
        part = { span: '', del: '', ins: '' };
      }
      part.span += a[i++];
      j++;
    } else if (j === b.length || common[i + 1]?.[j] >= common[i][j + 1]) {
      part.del += a[i++];
    } else {
      part.ins += b[j++];
    }
  }
  return [...parts, part].flatMap(Object.entries).filter(([, text]) => text);
}
