package org.savedstring.store.valkey;

import io.lettuce.core.RedisURI;
import io.micronaut.context.annotation.ConfigurationProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Valkey and what to ask of it; the defaults and their reasons are in {@code application.properties}.
 *
 * @param address one or several {@code host:port}, separated by commas: any nodes of the cluster, or one single server
 * @param tlsCaFile certificates to trust in place of the JVM's
 * @param iamReplicationGroup the ElastiCache replication group to sign in to with the instance's role; null for not
 *     signing in like this
 * @param iamRefresh how often open connections sign in again
 * @param confirmingReplicas how many replicas must confirm each write and each read; with the primary they must be a
 *     majority of all nodes
 * @param timeout how long a command may take; a connection that exceeds it is dropped with all that waits on it
 * @param lastReplicaTimeout how long a write waits, once enough replicas have confirmed it, for the others that are up
 * @param gatheringMax how long reads may wait for others while answers are slow; zero: not at all
 */
@ConfigurationProperties("saved-string.valkey")
public record ValkeySettings(
        @Nullable String address,
        boolean tls,
        @Nullable Path tlsCaFile,
        @Nullable String username,
        @Nullable Path passwordFile,
        @Nullable String iamReplicationGroup,
        @Nullable String iamRegion,
        Duration iamRefresh,
        int confirmingReplicas,
        Duration timeout,
        Duration lastReplicaTimeout,
        Duration connectAtStartTimeout,
        int requestsWaitingMax,
        Duration gatheringMax) {

    private static final int PORT_DEFAULT = 6379;

    public ValkeySettings {
        expect(address != null && !address.isBlank(), "address", address, "host:port of Valkey");
        expect(
                iamReplicationGroup == null || (username != null && iamRegion != null && tls && passwordFile == null),
                "iam-replication-group",
                iamReplicationGroup,
                "also a username, an iam-region and tls, and no password-file");
        addressList(address, tls);
    }

    List<RedisURI> addresses() {
        return addressList(String.valueOf(address), tls);
    }

    private static List<RedisURI> addressList(@Nullable String addresses, boolean tls) {
        return List.of(String.valueOf(addresses).split(",")).stream()
                .map(one -> toUri(one.strip(), tls))
                .toList();
    }

    private static RedisURI toUri(String address, boolean tls) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        int port = colon < 0 ? PORT_DEFAULT : portOf(address.substring(colon + 1));
        expect(!host.isEmpty() && port > 0 && port < 65_536, "address", address, "host:port");
        return RedisURI.builder()
                .withHost(host)
                .withPort(port)
                .withSsl(tls)
                .withVerifyPeer(tls)
                .build();
    }

    private static int portOf(String digits) {
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    }

    private static void expect(boolean condition, String name, @Nullable Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(
                    "saved-string.valkey.%s: %s (expected: %s)".formatted(name, value, expected));
        }
    }
}
