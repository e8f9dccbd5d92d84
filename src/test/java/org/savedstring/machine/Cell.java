package org.savedstring.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Production on one machine: a load balancer, three instances, and a Valkey cluster that knows them by the user that
 * production's instances are.
 *
 * <p>Each instance has its own ways to the Valkey nodes: it looks for them at a loopback address of its own, where
 * proxies listen that can be cut.
 */
public final class Cell implements AutoCloseable {

    private static final int INSTANCES = 3;
    private static final Duration SERVING_MAX = Duration.ofMinutes(2);
    private static final int KEY_BYTES = 32;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Path directory = ChildProcess.temporaryDirectory("cell");
    private final String apiKey = "sstr_" + randomText();
    private final ValkeyCluster valkey;
    private final List<List<TcpProxy>> ways = new ArrayList<>();
    private final List<ServiceInstance> instances;
    private final LoadBalancer loadBalancer;

    private Cell(Map<String, String> settings, Map<String, String> valkeyEnvironment) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            String password = randomText();
            writeFile("password", password);
            writeFile("keys", TestKeys.line("cell", apiKey));
            valkey = open(ValkeyCluster.start(valkeyEnvironment, ServiceUser.option(password)));
            instances = IntStream.rangeClosed(1, INSTANCES)
                    .mapToObj(number -> open(startInstance(number, settings)))
                    .toList();
            instances.forEach(ServiceInstance::awaitReady);
            loadBalancer = open(LoadBalancer.start(instances));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts everything and waits until the load balancer sees three healthy instances. */
    public static Cell start() {
        return start(Map.of());
    }

    /** With settings (environment variables) of the application beyond those that the cell needs. */
    public static Cell start(Map<String, String> settings) {
        return new Cell(settings, Map.of());
    }

    /** With a wall clock of its own for every process of Valkey and of the application. */
    public static Cell startWithMovableClocks(Map<String, String> settings) {
        var environment = MovableClock.environment();
        var all = new TreeMap<>(settings);
        all.putAll(environment);
        return new Cell(all, environment);
    }

    public ValkeyCluster valkey() {
        return valkey;
    }

    public List<ServiceInstance> instances() {
        return instances;
    }

    public LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    /** A key that may write. */
    public String apiKey() {
        return apiKey;
    }

    /** What Valkey keeps after this version: the truth that no client's memory can change. */
    public NavigableMap<Long, String> keptVersions(long afterVersion) {
        var kept = new TreeMap<Long, String>();
        for (KeptVersion version : keptAfter(afterVersion)) {
            if (version.left() == null) {
                kept.put(version.version(), version.value());
            }
        }
        return kept;
    }

    /** The versions that the store says it lost. */
    public Set<Long> lostVersions() {
        return keptAfter(0).stream()
                .filter(version -> version.left() != null)
                .flatMap(version -> LongStream.rangeClosed(
                                versionOf(String.valueOf(version.left())) + 1, version.version())
                        .boxed())
                .collect(Collectors.toSet());
    }

    /** When each version was saved, as Valkey keeps it: milliseconds since 1970, in the order of the versions. */
    public List<Long> keptTimes() {
        return keptAfter(0).stream().map(KeptVersion::savedAtMs).toList();
    }

    /**
     * An entry of the stream.
     *
     * @param left if it is the loss of a version: the id of the last that was left
     */
    private record KeptVersion(
            long version,
            String value,
            long savedAtMs,
            @Nullable String left) {}

    private List<KeptVersion> keptAfter(long afterVersion) {
        List<?> entries = (List<?>) Objects.requireNonNull(
                valkey.primary().command("XRANGE", "{saved-string}", "(" + afterVersion + "-0", "+"));
        return entries.stream().map(entry -> keptVersion((List<?>) entry)).toList();
    }

    /** An entry is its id and its fields: value, its value, at, its value, … */
    private static KeptVersion keptVersion(List<?> idAndFields) {
        List<?> fields = (List<?>) Objects.requireNonNull(idAndFields.get(1));
        return new KeptVersion(
                versionOf(String.valueOf(idAndFields.get(0))),
                String.valueOf(fields.get(1)),
                Long.parseLong(String.valueOf(fields.get(3))),
                fields.contains("left") ? String.valueOf(fields.getLast()) : null);
    }

    private static long versionOf(String id) {
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    public long currentVersion() {
        try (var http = new Http(loadBalancer.address())) {
            return http.get("/", "Accept", "application/json").version();
        }
    }

    /** Fails if an instance said that memory was not given back. */
    public void assertLeakedNothing() {
        instances.forEach(ServiceInstance::assertLeakedNothing);
    }

    /** What the instances have printed. */
    public String logs() {
        return instances.stream()
                .map(instance -> instance.name() + ":\n" + instance.log())
                .collect(Collectors.joining("\n"));
    }

    /** Waits until every instance reads and writes. */
    public void awaitServing() {
        for (ServiceInstance instance : instances) {
            Awaitility.await(instance.name() + " serves").atMost(SERVING_MAX).until(() -> serves(instance));
        }
    }

    private boolean serves(ServiceInstance instance) {
        try (var http = new Http(instance.address())) {
            return http.put("served " + System.nanoTime(), "X-API-Key", apiKey).version() > 0
                    && http.get("/", "Accept", "application/json").version() > 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Drops everything between an instance and Valkey. */
    public void cutOff(ServiceInstance instance) {
        waysOf(instance).forEach(TcpProxy::cut);
    }

    public void reconnect(ServiceInstance instance) {
        waysOf(instance).forEach(TcpProxy::restore);
    }

    /** Drops what comes over the connections that an instance has to Valkey; new ones are as good as ever. */
    public void forgetConnections(ServiceInstance instance) {
        waysOf(instance).forEach(TcpProxy::forgetConnections);
    }

    /** How many connections to Valkey an instance has asked for since it was started. */
    public long connectionsToValkey(ServiceInstance instance) {
        return waysOf(instance).stream().mapToLong(TcpProxy::connections).sum();
    }

    /** Starts one more instance, or another program in its place, that shares the ways of the first, as in its unit. */
    public ServiceInstance startInstead(List<String> program, Map<String, String> settings) {
        return ServiceInstance.startInUnit("instead", program, environment(1, settings));
    }

    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        ChildProcess.deleteRecursively(directory);
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private List<TcpProxy> waysOf(ServiceInstance instance) {
        return ways.get(instances.indexOf(instance));
    }

    private ServiceInstance startInstance(int number, Map<String, String> settings) {
        InetAddress host = ownLoopback(number);
        ways.add(valkey.nodes().stream()
                .map(node -> open(new TcpProxy(
                        host, node.port(), new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()))))
                .toList());
        return ServiceInstance.start("instance-" + number, ServiceInstance.APPLICATION, environment(number, settings));
    }

    private Map<String, String> environment(int number, Map<String, String> settings) {
        var environment = new TreeMap<>(Map.of(
                "SAVED_STRING_HTTP_HOST",
                "127.0.0.1",
                "SAVED_STRING_STORE",
                "valkey",
                "SAVED_STRING_VALKEY_ADDRESS",
                valkeyAddress(number),
                "SAVED_STRING_VALKEY_CONNECT_AT_START_TIMEOUT",
                "60s",
                "SAVED_STRING_VALKEY_TLS",
                "false",
                "SAVED_STRING_VALKEY_USERNAME",
                ServiceUser.NAME,
                "SAVED_STRING_VALKEY_PASSWORD_FILE",
                directory.resolve("password").toString(),
                "SAVED_STRING_KEYS_FILE",
                directory.resolve("keys").toString()));
        environment.putAll(settings);
        return environment;
    }

    private String valkeyAddress(int number) {
        return valkey.nodes().stream()
                .map(node -> ownLoopback(number).getHostAddress() + ":" + node.port())
                .collect(Collectors.joining(","));
    }

    private static InetAddress ownLoopback(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) number});
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFile(String name, String content) {
        try {
            Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String randomText() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
