package org.savedstring.answer;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request comes from, as the first of the trusted proxies saw it: each proxy appends the address that it saw to
 * {@code X-Forwarded-For}, and anything before what the trusted ones appended is anybody's claim.
 */
@Singleton
public final class ClientAddress {

    public static final String HEADER = "X-Forwarded-For";

    private static final int NETWORK_BYTES = 8;
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private final int trustedProxies;

    ClientAddress(@Value("${saved-string.http.trusted-proxies}") int trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    public String of(HttpRequest<?> request) {
        return of(request.getHeaders().getAll(HEADER), request.getRemoteAddress());
    }

    /**
     * The address.
     *
     * @param lines of the header; together they are one list
     * @param peer whose connection it is; used if the header doesn't name the client
     */
    public String of(List<String> lines, SocketAddress peer) {
        String forwarded = trustedProxies == 0 ? "" : fromEnd(String.join(",", lines), trustedProxies);
        if (ADDRESS.matcher(forwarded).matches()) {
            return forwarded;
        }
        return peer instanceof InetSocketAddress known && known.getAddress() != null
                ? known.getAddress().getHostAddress()
                : String.valueOf(peer);
    }

    /**
     * The client that an address stands for: an IPv6 client has all the addresses of its network (RFC 6177).
     *
     * @return the address, or the first 64 bits of an IPv6 address
     */
    public static String networkOf(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES)
                    : parsed.getHostAddress();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private static String fromEnd(String list, int place) {
        int end = list.length();
        int start = list.lastIndexOf(',') + 1;
        for (int i = 1; i < place && start > 0; i++) {
            end = start - 1;
            start = list.lastIndexOf(',', end - 1) + 1;
        }
        return list.substring(start, end).strip();
    }
}
