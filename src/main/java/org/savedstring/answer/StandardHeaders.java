package org.savedstring.answer;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What every answer carries, whoever makes it: its date, and the headers that keep a browser from doing anything with
 * it that the pages don't need.
 */
@Singleton
public final class StandardHeaders {

    public static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    /** RFC 9110, section 5.6.7; the JDK's own formatter leaves the day without its leading zero. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Clock clock = Clock.systemUTC();
    private volatile Second latest = Second.of(0);

    /** The present second, the same object for as long as it lasts. */
    public Second now() {
        long epochSecond = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
        Second second = latest;
        if (second.epochSecond != epochSecond) {
            second = Second.of(epochSecond);
            latest = second;
        }
        return second;
    }

    /** Adds them to an answer that was made elsewhere. */
    public void addTo(HttpHeaders headers) {
        ALL.forEach(headers::set);
        headers.set(HttpHeaderNames.DATE, now().date());
    }

    /** A second and how a Date header writes it (RFC 9110, section 6.6.1). */
    public record Second(long epochSecond, AsciiString date) {

        static Second of(long epochSecond) {
            return new Second(epochSecond, AsciiString.of(IMF_FIXDATE.format(Instant.ofEpochSecond(epochSecond))));
        }
    }
}
