package org.savedstring.connection;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request is for (RFC 9112, section 3.2): a path, and the part of the query that the service uses. What links
 * and advertisers append to an address, well-formed or not, is nobody's error; a framework that parsed it would refuse
 * the page.
 */
final class RequestTarget {

    private static final String ROOT = "/";

    /** RFC 9112, section 3.2.4; what holds for the whole service holds at its root. */
    private static final String EVERYTHING = "*";

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]+)");
    private static final String PUNCTUATION = "._~!$&'()*+,;=:@/-";
    private static final Pattern USED = Pattern.compile("(?:^|&)(limit|before)=([^&]*)");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~+-]{0,32}");

    private RequestTarget() {}

    /**
     * The target in a form that the framework accepts: the path, and the parameters that it knows.
     *
     * @return null if there can be nothing at that address
     */
    static @Nullable String of(String method, String uri) {
        if (uri.equals(EVERYTHING) && method.equals("OPTIONS")) {
            return ROOT;
        }
        String target = withoutAuthority(uri);
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!isPath(path) || path.startsWith("//")) {
            return null;
        }
        return query < 0 ? path : path + usedOf(target.substring(query + 1));
    }

    /** Whether it is the string's own address, whatever its query. */
    static boolean isRoot(String uri) {
        return isFor(ROOT, uri);
    }

    /** Whether it is a certain path, whatever its query. */
    static boolean isFor(String path, String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    /**
     * RFC 3986, section 3.3; by hand, since a path may be as long as a request line, and too long for a pattern's
     * recursion.
     */
    private static boolean isPath(String text) {
        if (!text.startsWith(ROOT)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (!isEscape(text, i)) {
                    return false;
                }
                i += 2;
            } else if (!isUnreserved(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether two hexadecimal digits follow a percent sign (RFC 3986, section 2.1). */
    static boolean isEscape(CharSequence text, int percent) {
        return percent + 2 < text.length() && isHex(text.charAt(percent + 1)) && isHex(text.charAt(percent + 2));
    }

    private static boolean isHex(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PUNCTUATION.indexOf(c) >= 0;
    }

    /** Whatever host it names is ours (RFC 9112, section 3.2.2), but it must be a valid one: no user, no password. */
    private static String withoutAuthority(String uri) {
        if (uri.startsWith(ROOT)) {
            return uri;
        }
        Matcher absolute = ABSOLUTE.matcher(uri);
        if (!absolute.lookingAt() || !RequestCheck.isValidHost(absolute.group(1))) {
            return uri;
        }
        String rest = uri.substring(absolute.end());
        return rest.startsWith(ROOT) ? rest : ROOT + rest;
    }

    /** A value that can't be valid is handed on as one that says so. */
    private static String usedOf(String query) {
        StringBuilder used = new StringBuilder();
        Matcher parameter = USED.matcher(query);
        while (parameter.find()) {
            String value = parameter.group(2);
            used.append(used.isEmpty() ? '?' : '&')
                    .append(parameter.group(1))
                    .append('=')
                    .append(PLAIN.matcher(value).matches() ? value : "malformed");
        }
        return used.toString();
    }
}
