package org.savedstring.answer;

import java.util.ArrayList;
import java.util.List;

/** A header whose value is a list (RFC 9110, section 5.6.1), or a member of it that has parameters (section 5.6.6). */
public final class HeaderList {

    private HeaderList() {}

    /**
     * The members, stripped and without the empty ones, which don't count; separators within quotes don't either.
     *
     * @param membersMax any beyond these are ignored
     */
    public static List<String> members(String text, char separator, int membersMax) {
        List<String> members = new ArrayList<>();
        int from = 0;
        while (from < text.length() && members.size() < membersMax) {
            int end = endOfMember(text, separator, from);
            String member = text.substring(from, end).strip();
            if (!member.isEmpty()) {
                members.add(member);
            }
            from = end + 1;
        }
        return members;
    }

    private static int endOfMember(String text, char separator, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                return i;
            }
        }
        return text.length();
    }
}
