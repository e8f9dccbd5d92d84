package org.savedstring.answer;

import java.util.function.Consumer;

/** A header whose value is a list (RFC 9110, section 5.6.1). */
public final class HeaderList {

    private HeaderList() {}

    /**
     * Hands out the members, stripped, without the empty ones, which count for nothing; commas within quotes separate
     * nothing.
     *
     * @param membersMax those after them are ignored
     */
    public static void forEach(String line, int membersMax, Consumer<String> consumer) {
        int members = 0;
        int from = 0;
        while (from < line.length() && members < membersMax) {
            int end = endOfMember(line, from);
            String member = line.substring(from, end).strip();
            if (!member.isEmpty()) {
                members++;
                consumer.accept(member);
            }
            from = end + 1;
        }
    }

    private static int endOfMember(String line, int from) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return line.length();
    }
}
