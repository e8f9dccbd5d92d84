package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One keep-alive connection that hides nothing: no retry, no pool, no redirect. A library's client repeats a request
 * whose connection was closed, and so would hide the failures that the tests look for.
 */
public final class HttpConnection implements AutoCloseable {

    /** Header names are in lower case. */
    public record Response(int status, Map<String, String> headers, String text) {

        public boolean closes() {
            return "close".equalsIgnoreCase(headers.get("connection"));
        }
    }

    private static final int HEAD_BYTES_MAX = 65_536;

    private final Socket socket = new Socket();
    private final InputStream in;

    public HttpConnection(InetSocketAddress address, Duration timeout) throws IOException {
        this(address, timeout, 0);
    }

    /** With a receive buffer of a certain size; 0: the system's own. */
    public HttpConnection(InetSocketAddress address, Duration timeout, int receiveBufferBytes) throws IOException {
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        try {
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMs);
            socket.connect(address, timeoutMs);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Response get(String path, String... headers) throws IOException {
        return request("GET", path, new byte[0], headers);
    }

    /** Sends one request with headers of the form {@code Name: value} and reads its whole answer. */
    public Response request(String method, String path, byte[] body, String... headers) throws IOException {
        send(method, path, body, headers);
        Response head = readHead();
        return new Response(head.status(), head.headers(), new String(readBody(head.headers()), UTF_8));
    }

    public void send(String method, String path, byte[] body, String... headers) throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: saved-string.test\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
    }

    /** Sends a part of a request as it is. */
    public void sendPart(String part) throws IOException {
        socket.getOutputStream().write(part.getBytes(ISO_8859_1));
    }

    /** The answer without its body, which is left to be read. */
    public Response readHead() throws IOException {
        String statusLine = readLine();
        var headers = new TreeMap<String, String>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Response(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, "");
    }

    /** The next chunk of a body of unknown length; empty at its end. */
    public byte[] readChunk() throws IOException {
        int length = Integer.parseInt(readLine(), 16);
        byte[] chunk = readExactly(length);
        readLine();
        return chunk;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] readBody(Map<String, String> headers) throws IOException {
        if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return readExactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        var body = new ByteArrayOutputStream();
        for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
            body.writeBytes(chunk);
        }
        return body.toByteArray();
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > HEAD_BYTES_MAX) {
                throw new EOFException("closed in the head of an answer, after: " + line.toString(ISO_8859_1));
            }
            line.write(b);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
