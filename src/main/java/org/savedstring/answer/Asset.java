package org.savedstring.answer;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Something that is the same for as long as this release runs, ready to be sent. */
public final class Asset {

    private final EntityTag tag;
    private final Reply whole;
    private final Reply notModified;

    private Asset(EntityTag tag, Reply whole, Reply notModified) {
        this.tag = tag;
        this.whole = whole;
        this.notModified = notModified;
    }

    /** Pages ask for it again each time, so that they never run with another release's; usually it is unchanged. */
    public static Asset of(String contentType, byte[] body) {
        CRC32 fingerprint = new CRC32();
        fingerprint.update(body);
        EntityTag tag = new EntityTag(Long.toHexString(fingerprint.getValue()) + "-" + body.length);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.put(HttpHeaders.ETAG, tag.toString());
        Reply notModified = Reply.withoutBody(HttpStatus.NOT_MODIFIED, Map.copyOf(headers));
        headers.put(HttpHeaders.CONTENT_TYPE, contentType);
        return new Asset(tag, Reply.of(HttpStatus.OK, headers, body), notModified);
    }

    /**
     * Answers.
     *
     * @param ifNoneMatch the lines of the header
     */
    public Reply reply(List<String> ifNoneMatch) {
        boolean isKnown = !ifNoneMatch.isEmpty()
                && EntityTags.of(ifNoneMatch).filter(tags -> tags.name(tag)).isPresent();
        return isKnown ? notModified : whole;
    }
}
