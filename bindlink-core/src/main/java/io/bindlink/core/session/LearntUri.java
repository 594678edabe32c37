package io.bindlink.core.session;

import io.bindlink.api.LinkUri;
import java.net.InetSocketAddress;

/** Names a link after the address it was learnt at. Immutable. */
final class LearntUri {
    private LearntUri() {}

    static LinkUri of(InetSocketAddress source, boolean connection) {
        String host = source.getAddress().getHostAddress();
        int scope = host.indexOf('%'); // an IPv6 zone means nothing to a reader elsewhere, and no URI takes it
        String plain = scope < 0 ? host : host.substring(0, scope);
        return connection ? LinkUri.tcp(plain, source.getPort()) : LinkUri.udp(plain, source.getPort());
    }
}
