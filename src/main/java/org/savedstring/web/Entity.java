package org.savedstring.web;

/**
 * A representation as it is sent.
 *
 * @param body not to be changed
 */
record Entity(String entityTag, byte[] body) {}
