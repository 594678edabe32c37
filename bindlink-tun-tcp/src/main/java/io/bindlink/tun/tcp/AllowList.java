package io.bindlink.tun.tcp;

import java.net.InetAddress;
import java.util.List;

/** All that is allowed at an exit; what no rule permits is not. Immutable. */
record AllowList(List<AllowRule> rules) {
    static AllowList parse(List<String> texts) {
        return new AllowList(texts.stream().map(AllowRule::parse).toList());
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether a connection may be made to one of the addresses of a host. */
    boolean permits(String askedFor, InetAddress address, int port) {
        return rules.stream().anyMatch(rule -> rule.permits(askedFor, address, port));
    }
}
