package io.bindlink.core.io;

import io.bindlink.api.Link;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The published links: one handle for each link's life. Thread-safe. */
final class LinkHandles {
    private Map<LinkId, LinkHandle> handles = new HashMap<>();
    private volatile List<Link> published = List.of();

    /** Links came, went or changed. Under the engine's lock. */
    synchronized void handleLinks(Engine engine, List<LinkStats> links) {
        Map<LinkId, LinkHandle> former = handles;
        Map<LinkId, LinkHandle> now = new HashMap<>();
        List<Link> order = new ArrayList<>();
        for (LinkStats stats : links) {
            LinkHandle handle = former.remove(stats.id());
            if (handle == null) {
                handle = new LinkHandle(engine, stats);
            } else {
                handle.handleStats(stats);
            }
            now.put(stats.id(), handle);
            order.add(handle);
        }
        former.values().forEach(LinkHandle::handleClosed);
        handles = now;
        published = List.copyOf(order);
    }

    /** The handle of a link that was just told of. */
    synchronized @Nullable LinkHandle find(LinkId id) {
        return handles.get(id);
    }

    List<Link> published() {
        return published;
    }
}
