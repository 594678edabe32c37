package io.bindlink.core.io;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import org.jspecify.annotations.Nullable;

/** Tells at once what would make every dial of a link fail. Immutable. */
final class LinkCheck {
    private LinkCheck() {}

    /**
     * Checks a link's name.
     *
     * @param uri the link
     * @param proxyTarget where proxies are to send; null when none was given
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if no socket can be made from it
     */
    static void check(LinkUri uri, @Nullable HostPort proxyTarget) {
        switch (uri.scheme()) {
            case UDP, TCP -> {}
            case SOCKS5, SOCKS5_TCP, HTTP -> {
                if (proxyTarget == null) {
                    throw invalid(
                            uri, "a proxy must be told where to send; set the proxy target, the master's HOST:PORT");
                }
            }
        }
        uri.from().filter(text -> AddressLiteral.parse(text) == null).ifPresent(text -> {
            throw invalid(uri, "'" + text + "' is not an IP address to send from");
        });
        if (uri.from().isPresent() && uri.dev().isPresent()) {
            throw invalid(uri, "give either from or dev, not both");
        }
    }

    private static BindlinkException invalid(LinkUri uri, String what) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "link '" + uri + "': " + what);
    }
}
