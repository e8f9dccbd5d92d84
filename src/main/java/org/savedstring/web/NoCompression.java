package org.savedstring.web;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.server.netty.HttpCompressionStrategy;
import io.netty.handler.codec.http.HttpResponse;
import jakarta.inject.Singleton;

/**
 * Sends everything as it is. Compressing would make a live stream cost eight times the memory, and take an answer
 * longer than sending its bytes; the pages are small, and a proxy in front may do better. So a version has one entity
 * tag, whatever a client accepts.
 */
@Singleton
@Replaces(HttpCompressionStrategy.class)
final class NoCompression implements HttpCompressionStrategy {

    @Override
    public boolean shouldCompress(HttpResponse response) {
        return false;
    }

    @Override
    public boolean isEnabled() {
        return false;
    }

    @Override
    public int getMaxZstdEncodeSize() {
        return 0;
    }
}
