import { withoutFigures } from '../../contract/code-parts';
import { cell } from '../../workflows/life/details';

test("a stranger's words stand in the details as they wrote them: no link, picture or tag of theirs", () => {
  expect(cell('[Verify](https://evil.example) **now** `x` <img src=x> ![p](q) a_b_ ~~c~~ &#91;')).toBe(
    '\\[Verify\\](https://evil.example) \\*\\*now\\*\\* \\`x\\` \\<img src=x\\> \\!\\[p\\](q) a\\_b\\_ \\~\\~c\\~\\~ \\&#91;',
  );
  expect(cell('a | b\n| c \\')).toBe('a   b   c \\\\');
});

test('a text is shortened before it is escaped, so that no escape is cut in two', () => {
  expect(cell('*'.repeat(400))).toBe('\\*'.repeat(300));
});

test('control characters of a text without a code are not shown', () => {
  expect(withoutFigures('\x1b]0;owned\x07 hello\u009b31m\n\nyou')).toBe(']•;owned hello ••m you');
});
