package org.savedstring.store.valkey;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.NameResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Looks names up; if one has several addresses, the next after each failure there, so that every one is tried. */
final class AddressesInTurn extends DnsAddressResolverGroup {

    private final Nodes nodes;

    AddressesInTurn(DnsNameResolverBuilder names, Nodes nodes) {
        super(names);
        this.nodes = nodes;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newAddressResolver(
            EventLoop eventLoop, NameResolver<InetAddress> names) {
        return new InTurn(eventLoop, names, nodes).asAddressResolver();
    }

    private static final class InTurn extends InetNameResolver {

        private final NameResolver<InetAddress> names;
        private final Nodes nodes;

        InTurn(EventExecutor executor, NameResolver<InetAddress> names, Nodes nodes) {
            super(executor);
            this.names = names;
            this.nodes = nodes;
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            names.resolveAll(host).addListener((FutureListener<List<InetAddress>>) found -> {
                if (found.isSuccess()) {
                    promise.setSuccess(nodes.addressToTry(host, found.getNow()));
                } else {
                    promise.setFailure(found.cause());
                }
            });
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            names.resolveAll(host, promise);
        }

        @Override
        public void close() {
            names.close();
        }
    }
}
