package io.bindlink.core.io;

import io.bindlink.api.LinkMap;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;

/** stub */
public final class NodeDriver {
    public NodeDriver(DriverConfig c) {}

    public Role role() {
        return null;
    }

    public LinkMap linkMap() {
        return null;
    }

    public Stats stats() {
        return null;
    }

    public NodeStatus status() {
        return null;
    }

    public void start() {}

    public void close() {}
}
