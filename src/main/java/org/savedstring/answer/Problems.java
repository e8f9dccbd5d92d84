package org.savedstring.answer;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import java.time.Duration;
import org.savedstring.store.StoreException;

/** Every problem that the service answers with, in one place. */
public final class Problems {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String CHALLENGE = "Bearer realm=\"saved-string\"";

    private Problems() {}

    public static ProblemException badRequest(String name, String detail) {
        return new ProblemException(Problem.of(name, HttpStatus.BAD_REQUEST, detail));
    }

    public static ProblemException valueTooLong(String detail) {
        return new ProblemException(Problem.of("value-too-long", HttpStatus.REQUEST_ENTITY_TOO_LARGE, detail));
    }

    public static ProblemException unsupportedMediaType(String detail) {
        return new ProblemException(Problem.of("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, detail)
                .withHeader(HttpHeaders.ACCEPT, "text/plain, application/json, application/x-www-form-urlencoded"));
    }

    /** RFC 9110, section 15.5.16: Accept-Encoding says which coding would have been accepted. */
    public static ProblemException unsupportedCoding() {
        return new ProblemException(Problem.of(
                        "unsupported-media-type",
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "The body is compressed; only an uncompressed one is accepted.")
                .withHeader(HttpHeaders.ACCEPT_ENCODING, "identity"));
    }

    public static ProblemException notAcceptable() {
        return new ProblemException(Problem.of(
                "not-acceptable",
                HttpStatus.NOT_ACCEPTABLE,
                "The string is available as text/html, application/json or text/plain; the Accept header allows"
                        + " none of them."));
    }

    public static ProblemException keyMissing() {
        return unauthorized(
                "key-missing", "This needs an API key, in the header X-API-Key or as Authorization: Bearer.");
    }

    public static ProblemException keyUnknown() {
        return unauthorized("key-unknown", "This API key is not, or no longer, valid.");
    }

    public static ProblemException keyExpired() {
        return unauthorized("key-expired", "This API key has expired.");
    }

    /** RFC 6750, section 3.1. */
    public static ProblemException insufficientScope(String scopes) {
        return new ProblemException(Problem.of(
                        "insufficient-scope",
                        HttpStatus.FORBIDDEN,
                        "This needs an API key with the scope " + scopes + ", which this one does not have.")
                .withHeader(
                        HttpHeaders.WWW_AUTHENTICATE,
                        CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + scopes.replace(',', ' ') + "\""));
    }

    public static ProblemException tooManyWrongKeys(Duration wait) {
        return new ProblemException(tooMany(
                "too-many-wrong-keys",
                "This API key is not, or no longer, valid, and too many invalid keys have come from this"
                        + " address. A valid one is accepted at any time.",
                wait));
    }

    public static ProblemException tooManyWrites(int perMinute, Duration wait) {
        return new ProblemException(tooMany(
                "too-many-writes",
                "One API key may change the string, or its history, " + perMinute
                        + " times a minute. Nothing was saved.",
                wait));
    }

    public static ProblemException malformedIfMatch() {
        return badRequest(
                "malformed-if-match", "If-Match is neither * nor a list of ETags such as \"7-1767225600000-json\".");
    }

    public static Problem notCurrent(EntityTag current) {
        return Problem.of(
                "not-current",
                HttpStatus.PRECONDITION_FAILED,
                "The current ETag is " + current + ", which If-Match does not name.");
    }

    public static ProblemException notFound() {
        return new ProblemException(ofStatus(HttpStatus.NOT_FOUND, ""));
    }

    public static ProblemException noSuchVersion(String version) {
        return new ProblemException(Problem.of(
                "no-such-version",
                HttpStatus.NOT_FOUND,
                "Version " + version + " is not in the history; GET /history lists what is."));
    }

    public static ProblemException currentVersion(long version) {
        return new ProblemException(Problem.of(
                "current-version",
                HttpStatus.CONFLICT,
                "Version " + version + " is the current one, or the latest that is left: write another first."));
    }

    public static Problem tooManyRequestsOfClient(int requestsMax) {
        return tooMany(
                "too-many-requests-of-client",
                "This instance works on no more than " + requestsMax
                        + " requests at once for one address. Nothing was saved.",
                RETRY_AFTER);
    }

    public static Problem tooManyConnections() {
        return unavailable("too-many-connections", "This instance has as many connections as it can serve.");
    }

    public static Problem tooManyConnectionsOfClient(int connectionsMax) {
        return tooMany(
                "too-many-connections-of-client",
                "This instance keeps no more than " + connectionsMax + " connections open at once for one address.",
                RETRY_AFTER);
    }

    public static ProblemException tooManyStreams(int streamsMax) {
        return new ProblemException(unavailable(
                "too-many-streams", "This instance serves no more than " + streamsMax + " event streams at once."));
    }

    public static ProblemException tooManyStreamsOfClient(int streamsMax) {
        return new ProblemException(tooMany(
                "too-many-streams-of-client",
                "This instance serves no more than " + streamsMax + " event streams at once to one address.",
                RETRY_AFTER));
    }

    public static Problem ofStore(StoreException failure) {
        return switch (failure) {
            case StoreException.Conflict conflict ->
                notCurrent(EntityTag.ofJson(conflict.currentRevision())).withMore("Nothing was saved.");
            case StoreException.OutcomeUnknown unknown ->
                unavailable(
                        "outcome-unknown",
                        "It is not known whether the string was saved: it may or may not appear. GET / will tell.");
            case StoreException.Overloaded overloaded -> overloaded();
            case StoreException.VersionLost lost -> versionLost(lost);
            case StoreException.Unavailable unavailable ->
                unavailable("store-unavailable", "The string can't be read or changed at the moment.");
        };
    }

    private static Problem versionLost(StoreException.VersionLost lost) {
        String left = lost.leftVersion() == 0
                ? "it has no versions at all"
                : "the latest it has is version " + lost.leftVersion();
        return unavailable(
                "version-lost",
                "The store came back without version " + lost.lostVersion() + "; " + left
                        + ". The string can be read again once somebody with a key has written it, or has restored a"
                        + " version from the history.");
    }

    /** Tells a writer that nothing was saved, if that is certain. */
    public static Problem ofWrite(StoreException failure) {
        Problem problem = ofStore(failure);
        return failure instanceof StoreException.Overloaded || failure instanceof StoreException.Unavailable
                ? problem.withMore("Nothing was saved.")
                : problem;
    }

    public static Problem malformed(String detail) {
        return Problem.of("malformed-request", HttpStatus.BAD_REQUEST, detail);
    }

    public static Problem malformedBody() {
        return malformed("The body of the request is malformed; the request had no effect.");
    }

    public static Problem tooManyChunks(int max, int withExtensionsMax) {
        return Problem.of(
                "request-too-large",
                HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                "The body of the request comes in more than " + max + " chunks, or " + withExtensionsMax
                        + " with extensions; the request had no effect.");
    }

    public static Problem firstLineTooLong(int bytesMax) {
        return Problem.of(
                "uri-too-long",
                HttpStatus.REQUEST_URI_TOO_LONG,
                "The first line of the request is longer than " + bytesMax + " bytes.");
    }

    public static Problem headersTooLarge(int bytesMax, int linesMax, int membersMax) {
        return Problem.of(
                "headers-too-large",
                HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                "The headers of the request are longer than " + bytesMax + " bytes, or have more than " + linesMax
                        + " lines, or more than " + membersMax + " members of lists.");
    }

    public static Problem versionNotSupported() {
        return Problem.of(
                "version-not-supported",
                HttpStatus.HTTP_VERSION_NOT_SUPPORTED,
                "This service speaks HTTP/1.1; a load balancer in front of it may speak other versions.");
    }

    public static Problem methodNotImplemented() {
        return Problem.of(
                "method-not-implemented",
                HttpStatus.NOT_IMPLEMENTED,
                "This method is unknown; GET, HEAD, PUT, POST, DELETE and OPTIONS are known, in capitals.");
    }

    public static Problem transferCodingNotImplemented() {
        return Problem.of(
                "transfer-coding-not-implemented",
                HttpStatus.NOT_IMPLEMENTED,
                "The only transfer coding accepted is chunked.");
    }

    public static Problem expectationFailed() {
        return Problem.of(
                "expectation-failed",
                HttpStatus.EXPECTATION_FAILED,
                "The only expectation that can be met is 100-continue.");
    }

    public static ProblemException contentRange() {
        return badRequest(
                "content-range", "Content-Range says that the body is only a part; the string has to be sent whole.");
    }

    /** The request had no effect. */
    public static Problem overloaded() {
        return unavailable("overloaded", "Too many requests are waiting.");
    }

    public static Problem internalError() {
        return ofStatus(HttpStatus.INTERNAL_SERVER_ERROR, "");
    }

    public static Problem ofStatus(HttpStatus status, String method) {
        return switch (status) {
            case NOT_FOUND -> Problem.of("not-found", status, "There is nothing at this address; the string is at /.");
            case METHOD_NOT_ALLOWED ->
                Problem.of(
                        "method-not-allowed",
                        status,
                        "This address does not accept " + method + "; the Allow header says what it does accept.");
            case REQUEST_ENTITY_TOO_LARGE ->
                Problem.of("request-too-large", status, "The body of the request is longer than any string may be.");
            case BAD_REQUEST -> Problem.of("malformed-request", status, "The request could not be understood.");
            case INTERNAL_SERVER_ERROR ->
                Problem.of(
                        "internal-error", status, "Something went wrong in the service; the details are in its log.");
            default -> Problem.of("http-" + status.getCode(), status, status.getReason() + ".");
        };
    }

    private static ProblemException unauthorized(String name, String detail) {
        return new ProblemException(
                Problem.of(name, HttpStatus.UNAUTHORIZED, detail).withHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE));
    }

    private static Problem tooMany(String name, String detail, Duration wait) {
        return later(name, HttpStatus.TOO_MANY_REQUESTS, detail, wait);
    }

    private static Problem unavailable(String name, String detail) {
        return later(name, HttpStatus.SERVICE_UNAVAILABLE, detail, RETRY_AFTER);
    }

    private static Problem later(String name, HttpStatus status, String detail, Duration wait) {
        return Problem.of(name, status, detail)
                .withHeader(
                        HttpHeaders.RETRY_AFTER,
                        String.valueOf(wait.plusMillis(999).toSeconds()));
    }
}
