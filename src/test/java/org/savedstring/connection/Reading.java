package org.savedstring.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What RFC 9112 sees in the octets of a connection, written down apart from what the service runs: requests, as far as they
 * can be told apart. Where it lets a recipient be lenient (a line feed alone ends a line of a head, a carriage return alone
 * or NUL is a space in it, folded lines, white space around the parts of the first line), this is; where it doesn't, the reading ends.
 */
final class Reading {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern FIRST_LINE =
            Pattern.compile("[ \\t]*(" + TOKEN + ")[ \\t]+([^ \\t]+)[ \\t]+HTTP/(\\d)\\.(\\d)[ \\t]*");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern CHUNK = Pattern.compile("0*([0-9A-Fa-f]{1,7})(?:[ \\t]*;[ \\t]*" + TOKEN
            + "(?:[ \\t]*=[ \\t]*(?:" + TOKEN + "|\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"))?)*");
    private static final Pattern LAX_CHUNK = Pattern.compile("0*([0-9A-Fa-f]{1,7})[ \\t]*(?:;.*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private final String octets;
    private final boolean isLax;
    private final List<Request> requests = new ArrayList<>();
    private int at;
    private End end = End.WHOLE;

    /** How a reading ended. */
    enum End {
        /** Behind a whole request. */
        WHOLE,
        /** Behind a request after which the connection ends. */
        CLOSED,
        /** In the middle of one. */
        CUT,
        /** Where nobody can say what follows. */
        MALFORMED
    }

    /** One request. */
    record Request(String method, String target, boolean isLast, Map<String, List<String>> fields, String body) {

        List<String> field(String name) {
            return fields.getOrDefault(name, List.of());
        }
    }

    private static final class Stop extends RuntimeException {

        private static final long serialVersionUID = 1;
        private final End end;

        Stop(End end) {
            super(null, null, false, false);
            this.end = end;
        }
    }

    private Reading(String octets, boolean isLax) {
        this.octets = octets;
        this.isLax = isLax;
    }

    /**
     * Reads.
     *
     * @param octets each is the character of its number
     * @param isLax whether to take for a chunk what nginx and HAProxy do, which hand it on as it should be: with any
     *     extension, and lines that a line feed alone ends
     */
    static Reading of(String octets, boolean isLax) {
        Reading reading = new Reading(octets, isLax);
        try {
            while (reading.end == End.WHOLE && reading.skipEmptyLines()) {
                reading.request();
            }
        } catch (Stop stop) {
            reading.end = stop.end;
        }
        return reading;
    }

    List<Request> requests() {
        return requests;
    }

    End end() {
        return end;
    }

    private boolean skipEmptyLines() {
        while (octets.startsWith("\r\n", at) || octets.startsWith("\n", at)) {
            at += octets.charAt(at) == '\r' ? 2 : 1;
        }
        return at < octets.length();
    }

    private void request() {
        Matcher first = match(FIRST_LINE, line());
        if (!first.group(3).equals("1")) {
            throw new Stop(End.MALFORMED);
        }
        Map<String, List<String>> fields = fields();
        String body = body(fields);
        boolean isOld = first.group(4).equals("0");
        List<String> options = members(fields, "connection");
        boolean isLast = options.contains("close") || (isOld && !options.contains("keep-alive"));
        requests.add(new Request(first.group(1), first.group(2), isLast, fields, body));
        if (isLast || (isOld && fields.containsKey("transfer-encoding"))) {
            end = End.CLOSED;
        }
    }

    private Map<String, List<String>> fields() {
        Map<String, List<String>> fields = new TreeMap<>();
        List<String> last = null;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                if (last == null) {
                    throw new Stop(End.MALFORMED);
                }
                last.set(last.size() - 1, (last.getLast() + " " + line.strip()).strip());
            } else {
                Matcher field = match(FIELD, withoutNul(line));
                last = fields.computeIfAbsent(field.group(1).toLowerCase(Locale.ROOT), name -> new ArrayList<>());
                last.add(field.group(2));
            }
        }
        return fields;
    }

    private String body(Map<String, List<String>> fields) {
        if (fields.containsKey("transfer-encoding")) {
            if (!members(fields, "transfer-encoding").equals(List.of("chunked"))) {
                throw new Stop(End.MALFORMED);
            }
            return chunks();
        }
        if (!fields.containsKey("content-length")) {
            return "";
        }
        List<String> lengths = List.of(
                        String.join(",", fields.get("content-length")).split(",", -1))
                .stream()
                .map(String::strip)
                .distinct()
                .toList();
        return lengths.size() == 1
                ? take(Long.parseLong(match(LENGTH, lengths.getFirst()).group()))
                : stop();
    }

    private String chunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            int lineEnd = octets.indexOf('\n', at);
            if (lineEnd < 0) {
                throw new Stop(End.CUT);
            }
            boolean isEnded = octets.charAt(Math.max(at, lineEnd - 1)) == '\r';
            if (!isEnded && !isLax) {
                throw new Stop(End.MALFORMED);
            }
            String line = octets.substring(at, isEnded ? lineEnd - 1 : lineEnd);
            at = lineEnd + 1;
            int size = Integer.parseInt(match(isLax ? LAX_CHUNK : CHUNK, line).group(1), 16);
            if (size == 0) {
                fields();
                return body.toString();
            }
            body.append(take(size));
            if (isLax && octets.startsWith("\n", at)) {
                at++;
            } else if (!take(2).equals("\r\n")) {
                throw new Stop(End.MALFORMED);
            }
        }
    }

    private String take(long length) {
        if (length > octets.length() - at) {
            throw new Stop(End.CUT);
        }
        at += Math.toIntExact(length);
        return octets.substring(at - Math.toIntExact(length), at);
    }

    private String line() {
        int lineEnd = octets.indexOf('\n', at);
        if (lineEnd < 0) {
            throw new Stop(End.CUT);
        }
        String line = octets.substring(at, lineEnd > at && octets.charAt(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd);
        at = lineEnd + 1;
        return line.replace('\r', ' ');
    }

    /** In a name it stays, and is malformed. */
    private static String withoutNul(String field) {
        int colon = Math.max(0, field.indexOf(':'));
        return field.substring(0, colon) + field.substring(colon).replace('\0', ' ');
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new Stop(End.MALFORMED);
        }
        return matcher;
    }

    private static String stop() {
        throw new Stop(End.MALFORMED);
    }

    private static List<String> members(Map<String, List<String>> fields, String name) {
        @Nullable List<String> lines = fields.get(name);
        return lines == null
                ? List.of()
                : List.of(String.join(",", lines).toLowerCase(Locale.ROOT).split(",")).stream()
                        .map(String::strip)
                        .filter(member -> !member.isEmpty())
                        .toList();
    }
}
