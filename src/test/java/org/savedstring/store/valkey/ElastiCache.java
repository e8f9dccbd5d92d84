package org.savedstring.store.valkey;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.savedstring.machine.Certificate;
import org.savedstring.machine.Ports;
import org.savedstring.machine.ServiceUser;
import org.savedstring.machine.ValkeyServer;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A real Valkey with TLS that lets its user in with nothing but the tokens of certain seconds. It can't check a signature
 * as ElastiCache does; but who makes a token, for whom and in which second determines every byte of it, so whatever is
 * not in order is another password and refused. That the bytes are the right ones is {@link IamTokenTest}'s matter.
 */
public final class ElastiCache implements AutoCloseable {

    public static final String GROUP = "my-group";
    public static final String REGION = "eu-west-1";
    public static final AwsSessionCredentials ROLE = AwsSessionCredentials.create(
            "ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session/token+value==");

    private static final Duration TEST_MAX = Duration.ofMinutes(3);
    private static final Pattern CLIENT =
            Pattern.compile("addr=(\\S+) .* user=" + ServiceUser.NAME + " ", Pattern.MULTILINE);
    private static final Pattern FAILED = Pattern.compile("cmdstat_auth:.*failed_calls=(\\d+)");

    private final Certificate certificate;
    private final int port = Ports.free();
    private final ValkeyServer server;

    public ElastiCache(Path directory) {
        certificate = Certificate.make(directory);
        server = ValkeyServer.start(
                "--tls-port", String.valueOf(port),
                "--tls-cert-file", certificate.chain().toString(),
                "--tls-key-file", certificate.key().toString(),
                "--tls-ca-cert-file", certificate.chain().toString(),
                "--tls-auth-clients", "no",
                // Every command is noted with the connection that it came over.
                "--slowlog-log-slower-than", "0",
                "--slowlog-max-len", "100000");
        ServiceUser.set(
                server,
                Stream.concat(Stream.of("on"), ServiceUser.rules().stream()).toList());
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public Path certificates() {
        return certificate.chain();
    }

    /** Lets nobody in who isn't in already. */
    public void acceptNoToken() {
        ServiceUser.set(server, List.of("resetpass"));
    }

    /** Accepts the tokens that are made in this second or later, as if all others had ended. */
    public void acceptTokensFrom(Instant from) {
        List<String> rules = new ArrayList<>(List.of("resetpass"));
        Instant second = from.truncatedTo(ChronoUnit.SECONDS);
        for (Instant at = second; at.isBefore(second.plus(TEST_MAX)); at = at.plusSeconds(1)) {
            rules.add(">" + token(at));
        }
        ServiceUser.set(server, rules);
    }

    /** Cuts every connection of the user, as ElastiCache does after twelve hours. */
    public void cutConnections() {
        server.command("CLIENT", "KILL", "USER", ServiceUser.NAME);
    }

    /** The connections that are signed in as the user. */
    public Set<String> connections() {
        return CLIENT.matcher(String.valueOf(server.command("CLIENT", "LIST")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    void forgetSignIns() {
        server.command("SLOWLOG", "RESET");
    }

    /** How often each connection has tried to sign in, refusals included. */
    Map<String, Long> signIns() {
        List<?> log = (List<?>) Objects.requireNonNull(server.command("SLOWLOG", "GET", "-1"));
        return log.stream()
                .map(entry -> (List<?>) entry)
                .filter(entry -> ((List<?>) entry.get(3)).getFirst().equals("AUTH"))
                .map(entry -> String.valueOf(entry.get(4)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    long refusedSignIns() {
        return FAILED.matcher(String.valueOf(server.command("INFO", "commandstats")))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    @Override
    public void close() {
        server.close();
    }

    private static String token(Instant at) {
        return new IamToken(
                        StaticCredentialsProvider.create(ROLE),
                        GROUP,
                        ServiceUser.NAME,
                        REGION,
                        Clock.fixed(at, ZoneOffset.UTC))
                .create();
    }
}
