package org.savedstring.proof;

import java.time.Duration;

/** How thoroughly to prove: a short run with every build, a long one with {@code -Dprove=long}. */
public final class Prove {

    private static final boolean LONG = "long".equals(System.getProperty("prove"));

    private Prove() {}

    public static boolean isLong() {
        return LONG;
    }

    public static int count(int inShort, int inLong) {
        return LONG ? inLong : inShort;
    }

    static Duration time(Duration inShort, Duration inLong) {
        return LONG ? inLong : inShort;
    }
}
