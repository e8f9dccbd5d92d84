package org.savedstring.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection that hides nothing: no retry, no pool, no redirect, and whatever bytes a test wants to send. A library's
 * client repeats a request whose connection was closed, and so would hide the failures that the tests look for. Headers
 * are given as names and values in turn.
 */
public final class HttpConnection implements AutoCloseable {

    /** Nothing but a hang takes so long. */
    public static final Duration ANSWER_MAX = Duration.ofMinutes(1);

    private static final int HEAD_BYTES_MAX = 65_536;

    private final Socket socket = new Socket();
    private final InputStream in;

    public HttpConnection(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /** With a receive buffer of a certain size; 0: the system's own. */
    public HttpConnection(InetSocketAddress address, int receiveBufferBytes) throws IOException {
        this(null, address, receiveBufferBytes);
    }

    /** From an address of this machine, of which loopback has as many as anybody needs; null: the system's choice. */
    public HttpConnection(@Nullable InetAddress from, InetSocketAddress address, int receiveBufferBytes)
            throws IOException {
        int timeoutMs = Math.toIntExact(ANSWER_MAX.toMillis());
        try {
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMs);
            if (from != null) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(address, timeoutMs);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Sends one request and reads its whole answer. */
    public Answer request(String method, String path, byte[] body, String... headers) throws IOException {
        send(method, path, body, headers);
        return answer(!method.equals("HEAD"));
    }

    public void send(String method, String path, byte[] body, String... headers) throws IOException {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: saved-string.test\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (body.length > 0 || method.equals("PUT") || method.equals("POST")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
    }

    /** Sends these characters as bytes, whatever they are. */
    public HttpConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Says that nothing more will be sent. */
    public HttpConnection endOfInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one answer with its body. */
    public Answer answer() throws IOException {
        return answer(true);
    }

    /** Reads one answer that has no body, or whose body is left to be read. */
    public Answer head() throws IOException {
        return answer(false);
    }

    /** Reads one answer whose body ends with the connection. */
    public Answer untilClosed() throws IOException {
        Answer head = head();
        return new Answer(head.status(), head.headers(), in.readAllBytes());
    }

    /** The next chunk of a body of unknown length; empty at its end. */
    byte[] chunk() throws IOException {
        byte[] chunk = exactly(Integer.parseInt(line(), 16));
        line();
        return chunk;
    }

    /** Whether the service has closed the connection, after everything that was answered was read. */
    public boolean isClosedByService() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Whether there is more to be read before the other end closes or resets it. */
    public boolean hasMore() throws IOException {
        in.mark(1);
        boolean more = !isClosedByService();
        if (more) {
            in.reset();
        }
        return more;
    }

    /** Whether the other end has closed it by now; nothing may be on its way here. */
    boolean isClosedByNow() throws IOException {
        try {
            socket.setSoTimeout(1);
            in.read();
            return true;
        } catch (SocketTimeoutException e) {
            socket.setSoTimeout(Math.toIntExact(ANSWER_MAX.toMillis()));
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer(boolean withBody) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
        return new Answer(status, headers, withBody && status != 304 ? body(headers) : new byte[0]);
    }

    private byte[] body(HttpHeaders headers) throws IOException {
        if (headers.firstValue("Transfer-Encoding").isEmpty()) {
            return exactly(Integer.parseInt(headers.firstValue("Content-Length").orElse("0")));
        }
        var body = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            body.writeBytes(chunk);
        }
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** The next line, without its end. */
    public String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() > HEAD_BYTES_MAX) {
                throw new EOFException("closed in the head of an answer, after: " + line.toString(ISO_8859_1));
            }
            line.write(octet);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
