package io.bindlink.core.io;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkMap;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The links of a running node. Thread-safe. */
final class LiveLinkMap implements LinkMap {
    private final Role role;
    private final @Nullable HostPort proxyTarget;
    private final Engine engine;
    private final LinkHandles handles;
    private final ListenerSet listeners;

    LiveLinkMap(Role role, @Nullable HostPort proxyTarget, Engine engine, LinkHandles handles, ListenerSet listeners) {
        this.role = role;
        this.proxyTarget = proxyTarget;
        this.engine = engine;
        this.handles = handles;
        this.listeners = listeners;
    }

    @Override
    public synchronized Link initiateLink(LinkUri uri) {
        if (role == Role.MASTER) {
            throw new IllegalStateException("a master learns its links from its slave");
        }
        LinkCheck.check(uri, proxyTarget);
        if (handles.published().size() >= LinkId.MAX) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "link '" + uri + "': there are " + LinkId.MAX + " links already");
        }
        LinkHandle handle = handles.find(engine.addLink(uri));
        if (handle == null) {
            throw new IllegalStateException("the node is closed");
        }
        return handle;
    }

    @Override
    public Link initiateLink(InetSocketAddress proxy) {
        return initiateLink(LinkUri.socks5(proxy.getHostString(), proxy.getPort()));
    }

    @Override
    public InetSocketAddress startListener(InetSocketAddress local) throws IOException {
        if (role == Role.SLAVE) {
            throw new IllegalStateException("a slave initiates its links and does not listen");
        }
        if (engine.isStopped()) {
            throw new IllegalStateException("the node is closed");
        }
        return listeners.listen(local);
    }

    /** Where the links lead, for people: the master as it is reached directly and through proxies. */
    String masters() {
        return links().stream()
                .map(Link::uri)
                .map(uri -> uri.scheme().proxied() && proxyTarget != null
                        ? proxyTarget
                        : new HostPort(uri.host(), uri.port()))
                .distinct()
                .map(HostPort::toString)
                .collect(Collectors.joining(", "));
    }

    @Override
    public List<Link> links() {
        return handles.published();
    }
}
