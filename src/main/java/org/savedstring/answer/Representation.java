package org.savedstring.answer;

/** A form in which the string is available; the first is for clients that ask for none in particular. */
public enum Representation {
    HTML("text", "html", "text/html;charset=UTF-8"),
    // JSON is UTF-8 by definition (RFC 8259, section 8.1).
    JSON("application", "json", "application/json"),
    TEXT("text", "plain", "text/plain;charset=UTF-8");

    private final String type;
    private final String subtype;
    private final String contentType;

    Representation(String type, String subtype, String contentType) {
        this.type = type;
        this.subtype = subtype;
        this.contentType = contentType;
    }

    String type() {
        return type;
    }

    String subtype() {
        return subtype;
    }

    /** As the header Content-Type has it. */
    public String contentType() {
        return contentType;
    }
}
