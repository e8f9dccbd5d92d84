package org.savedstring.machine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One connection for what no proper HTTP client would send. */
public final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    public RawConnection(int port) throws IOException {
        this(port, 0);
    }

    /** With a receive buffer of a certain size; 0: the system's own. */
    public RawConnection(int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Says that nothing more will be sent. */
    public RawConnection endOfInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one answer with a body of the announced length. */
    public Answer answer() throws IOException {
        return answer(true);
    }

    /** Reads one answer that has no body, whatever it announces. */
    public Answer answerToHead() throws IOException {
        return answer(false);
    }

    /** Whether the service has closed the connection, after everything that was answered was read. */
    public boolean isClosedByService() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer(boolean withBody) throws IOException {
        String statusLine = line();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(
                headers.getOrDefault("Content-Length", List.of("0")).getFirst());
        return new Answer(
                Integer.parseInt(statusLine.split(" ", 3)[1]),
                HttpHeaders.of(headers, (name, value) -> true),
                withBody ? in.readNBytes(length) : new byte[0]);
    }

    /** The next line, without its end. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the service closed the connection after: " + line);
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
