package org.savedstring.web;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.types.files.FileCustomizableResponseType;

/** Says on HEAD of what type and how long a file is, as on GET; the framework leaves it out and closes the connection. */
@ServerFilter("/assets/**")
final class FileHeaders {

    @ResponseFilter
    void add(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (request.getMethod() == HttpMethod.HEAD && response.body() instanceof FileCustomizableResponseType file) {
            response.contentType(file.getMediaType())
                    .contentLength(file.getLength())
                    .body(null);
        }
    }
}
