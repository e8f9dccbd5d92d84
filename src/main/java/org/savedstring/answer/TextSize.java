package org.savedstring.answer;

/** How large the page shows a string, so that a short one can be read from across a room and a long one fits. */
final class TextSize {

    private static final int FIRST_WIDE_CODE_POINT = 0x1100;

    private TextSize() {}

    /** The class by which the style sheet fits the string to the screen; page.js computes the same. */
    static String of(String value) {
        int width = value.codePoints()
                .map(codePoint -> codePoint < FIRST_WIDE_CODE_POINT ? 1 : 2)
                .sum();
        return "size-" + (Integer.SIZE - Integer.numberOfLeadingZeros(width - 1));
    }
}
