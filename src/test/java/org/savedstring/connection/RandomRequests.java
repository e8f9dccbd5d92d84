package org.savedstring.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.savedstring.machine.TestKeys;

/** What clients send, and what only attackers do; each request with a mark of its own. */
final class RandomRequests {

    /** What the marks begin with that only stand in the bodies of others. */
    static final String SMUGGLED_MARK = "s";

    /** Whoever saves its mark took a part of a body for a request. */
    private static final String SMUGGLED = "\r\nPUT / HTTP/1.1\r\nHost: test\r\nX-API-Key: " + TestKeys.WRITER
            + "\r\nContent-Length: 17\r\n\r\n{mark}";

    private static final List<String> READ_TARGETS =
            List.of("/", "/", "/", "/?a=b", "/edit", "/assets/page.js", "/health/liveness", "/nothing", "http://test/");
    private static final List<String> ACCEPTS = List.of(
            "", "Accept: */*\r\n", "Accept: text/plain\r\n", "Accept: application/json\r\n", "Accept: text/html\r\n");
    private static final List<String> FIELDS = List.of(
            "X-Empty:\r\n",
            "x-lower: a\r\n",
            "X-Tabs: \ta\tb\t\r\n",
            "X-Long: " + "x".repeat(500) + "\r\n",
            "X-Latin: \u00fc\r\n",
            "Accept-Encoding: gzip, br\r\n",
            "Cookie: a=b; c=d\r\n",
            "Connection: keep-alive\r\n",
            "TE: trailers\r\n",
            "User-Agent: \"quoted\" (comment)\r\n",
            "X-Forwarded-For: 192.0.2.1\r\n",
            "If-None-Match: \"x\"\r\n");
    private static final List<String> TEXTS = List.of(
            "",
            " plain",
            utf8(" Grüße 😀"),
            "\r\n0\r\n\r\n",
            "\r\n\r\n",
            "\t",
            " " + "x".repeat(3_000),
            SMUGGLED,
            "\r\n0\r\n\r\n" + SMUGGLED);
    private static final List<String> EXTENSIONS = List.of("", "", "", ";a", ";a=b", "; a=\"b c\"");
    private static final List<String> TRAILERS = List.of("", "", "", "X: y\r\n", "Content-Length: 3\r\n");

    private static final List<String> CODINGS = List.of(
            "chunked",
            "Chunked",
            " chunked",
            "chunked ",
            "chunked\t",
            "chunked,",
            ",chunked",
            "chunked, chunked",
            "gzip, chunked",
            "chunked, gzip",
            "identity",
            "identity, chunked",
            "xchunked",
            "chunkedx",
            "\"chunked\"",
            "chunked;q=1",
            "\u000bchunked",
            "chunked\u000b",
            "\r\n chunked",
            "chunked\r\n x",
            "chunked\nX: y",
            "chunked\rX: y",
            "chunked\0",
            "x\r\nTransfer-Encoding: chunked",
            "chunked\r\nTransfer-Encoding: identity",
            "");
    private static final List<String> CODING_NAMES = List.of(
            "Transfer-Encoding:",
            "Transfer-Encoding: ",
            "transfer-encoding: ",
            "Transfer-Encoding : ",
            "Transfer-Encoding\t: ",
            " Transfer-Encoding: ",
            "Transfer_Encoding: ",
            "Transfer-Encoding\0: ",
            "X: y\nTransfer-Encoding: ",
            "X: y\rTransfer-Encoding: ");
    private static final List<String> SIZES = List.of(
            "0x%x",
            "%x ",
            " %x",
            "+%x",
            "-%x",
            "%x;",
            "%x;=a",
            "%x;a=\"",
            "%x\t;a",
            "00000000000%x",
            "%xx",
            "%x,%1$x",
            "10000000%x",
            "1000000000000000%08x",
            "%x\u000b",
            "%x\0",
            "\"%x\"",
            "%x;a\rb",
            "%x;a\nb",
            "%x_",
            "%X");
    private static final List<String> LENGTHS = List.of(
            "+%d",
            "-%d",
            "%d ",
            " %d",
            "0%d",
            "%d, %1$d",
            "%d,%1$d",
            "%d\r\nContent-Length: %1$d",
            "%d\r\nContent-Length: 0",
            "0\r\nContent-Length: %d",
            "%d.0",
            "0x%x",
            "%d\u000b",
            "%d\0",
            "\r\n %d",
            "%d\r\n 0",
            "%de0",
            "18446744073709551616",
            "%d;",
            "\"%d\"",
            "");
    private static final String EVIL = "\r\n\0 \t;:,=-+0xX59aZ\"\u000b\u0080/?#.%\\";

    private final RandomGenerator random;

    /**
     * One request, or what looks like one.
     *
     * @param isSound whether everybody must take it and understand the same
     */
    record Sent(String octets, boolean isSound) {

        @Override
        public String toString() {
            return (isSound ? "sound " : "odd ")
                    + octets.replace("\r", "\\r")
                            .replace("\n", "\\n")
                            .replace("\0", "\\0")
                            .replace(TestKeys.WRITER, "KEY");
        }
    }

    private RandomRequests(RandomGenerator random) {
        this.random = random;
    }

    /** What one connection sends. */
    static List<Sent> connection(RandomGenerator random) {
        RandomRequests requests = new RandomRequests(random);
        List<Sent> all = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        boolean odd = random.nextInt(3) > 0;
        for (int i = 0; i < count; i++) {
            all.add(odd && random.nextInt(count) == 0 ? requests.odd() : requests.sound());
        }
        return all;
    }

    private Sent sound() {
        return new Sent(
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> head(random.nextInt(4) == 0 ? "HEAD" : "GET", one(READ_TARGETS)) + "\r\n";
                    case 3 -> withLength(writeHead(""), text());
                    case 4 -> withChunks(writeHead(""), text());
                    case 5 ->
                        withLength(writeHead("Content-Type: application/json\r\n"), "{\"value\":\"" + mark() + "\"}");
                    case 6 ->
                        withLength(head("POST", "/history/99" + random.nextInt(1_000_000) + "/restore") + key(), "");
                    default ->
                        withAny(head(one(List.of("PUT", "DELETE", "GET", "OPTIONS")), one(READ_TARGETS)), text());
                },
                true);
    }

    private Sent odd() {
        return new Sent(
                switch (random.nextInt(6)) {
                    case 0 -> writeHead(one(CODING_NAMES) + one(CODINGS) + "\r\n") + "\r\n" + chunks(text(), "%x");
                    case 1 -> {
                        String text = text();
                        yield writeHead("Content-Length: " + text.length() + "\r\n" + one(CODING_NAMES) + one(CODINGS)
                                        + "\r\n")
                                + "\r\n" + (random.nextBoolean() ? text : chunks(text, "%x"));
                    }
                    case 2 -> writeHead("Transfer-Encoding: chunked\r\n") + "\r\n" + chunks(text(), one(SIZES));
                    case 3 -> {
                        String text = text();
                        yield writeHead("Content-Length: " + one(LENGTHS).formatted(text.length()) + "\r\n") + "\r\n"
                                + text;
                    }
                    default -> changed(sound().octets());
                },
                false);
    }

    /** With an octet or a few taken out, put in, put instead or repeated. */
    private String changed(String octets) {
        StringBuilder changed = new StringBuilder(octets);
        for (int times = 1 + random.nextInt(3); times > 0 && !changed.isEmpty(); times--) {
            int at = random.nextInt(changed.length());
            int until = Math.min(changed.length(), at + 1 + random.nextInt(4));
            String evil = String.valueOf(EVIL.charAt(random.nextInt(EVIL.length())));
            switch (random.nextInt(5)) {
                case 0 -> changed.delete(at, until);
                case 1 -> changed.insert(at, evil);
                case 2 -> changed.replace(at, at + 1, evil);
                case 3 -> changed.insert(at, changed.substring(at, until));
                default -> changed.delete(at, random.nextInt(8) == 0 ? changed.length() : at + 1);
            }
        }
        return changed.toString();
    }

    private String head(String method, String target) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\n");
        head.append("Origin: https://").append(mark()).append("\r\n").append(one(ACCEPTS));
        for (int fields = random.nextInt(3); fields > 0; fields--) {
            String field = one(FIELDS);
            // A write that names another version is refused, and nothing says more than once what it has.
            if (head.indexOf(field) < 0 && !(method.equals("PUT") && field.startsWith("If-None"))) {
                head.append(field);
            }
        }
        return head.toString();
    }

    /** Whoever is told not to send a body may be cut off, and here everything is sent at once: only who may write asks. */
    private String writeHead(String fields) {
        return head("PUT", "/") + key() + fields + (random.nextInt(8) == 0 ? "Expect: 100-continue\r\n" : "");
    }

    private static String key() {
        return "X-API-Key: " + TestKeys.WRITER + "\r\n";
    }

    private String withAny(String head, String body) {
        return random.nextBoolean() ? withLength(head, body) : withChunks(head, body);
    }

    private String withLength(String head, String body) {
        return head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private String withChunks(String head, String body) {
        return head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, random.nextBoolean() ? "%x" : "0%X");
    }

    private String chunks(String body, String size) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int until = Math.min(body.length(), at + 1 + random.nextInt(Math.max(4, body.length() / 2)));
            chunks.append(size.formatted(until - at))
                    .append(size.length() == 2 ? one(EXTENSIONS) : "")
                    .append("\r\n")
                    .append(body, at, until)
                    .append("\r\n");
            at = until;
        }
        return chunks.append("0\r\n").append(one(TRAILERS)).append("\r\n").toString();
    }

    private String text() {
        return mark() + one(TEXTS).replace("{mark}", "%s%016x".formatted(SMUGGLED_MARK, random.nextLong()));
    }

    private String mark() {
        return "m%016x".formatted(random.nextLong());
    }

    private String one(List<String> these) {
        return these.get(random.nextInt(these.size()));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
