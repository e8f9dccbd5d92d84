package org.savedstring.store.valkey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Just enough of Valkey to be talked to while a JVM records for its ahead-of-time cache: the machine on which an image is
 * baked has no Valkey, but the instance will start against one. Never used to serve anyone.
 */
public final class TrainingValkey implements AutoCloseable {

    private static final int BLOCK_MS = 300;
    private static final String NOTHING = "*0\r\n";

    private final ServerSocket socket;

    public TrainingValkey() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
        signInOnce();
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signInOnce() {
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("training", "training"));
        new IamToken(credentials, "training", "training", "us-east-1", Clock.systemUTC()).create();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed: the training is over.
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = connection.getOutputStream();
            for (List<String> command = read(in); !command.isEmpty(); command = read(in)) {
                out.write(answer(command).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | InterruptedException e) {
            // The client has gone.
        }
    }

    /** An array of bulk strings, each on a line of its own after its length; empty at the end. */
    private static List<String> read(BufferedReader in) throws IOException {
        String count = in.readLine();
        List<String> words = new ArrayList<>();
        for (int i = count == null ? 0 : Integer.parseInt(count.substring(1)); i > 0; i--) {
            int length = Integer.parseInt(in.readLine().substring(1));
            char[] word = new char[length + 2];
            int read = in.read(word);
            words.add(new String(word, 0, Math.max(0, read - 2)));
        }
        return words;
    }

    private static String answer(List<String> command) throws InterruptedException {
        return switch (command.getFirst().toUpperCase(Locale.ROOT)) {
            case "CLUSTER" -> "-ERR This instance has cluster support disabled\r\n";
            case "ROLE" -> "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n";
            case "WAIT" -> ":1\r\n";
            case "EVALSHA" ->
                command.get(1).equals(Script.WRITE.digest()) ? "*2\r\n$1\r\n1\r\n$13\r\n1767225600000\r\n" : NOTHING;
            case "XREAD" -> {
                Thread.sleep(BLOCK_MS);
                yield "*-1\r\n";
            }
            default -> "+OK\r\n";
        };
    }
}
