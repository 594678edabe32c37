package io.bindlink.core.session;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links a slave's user wished for, and those that are tried before they become any. An id belongs to a URI: what is
 * removed and made anew gets its old id, so that its packet numbers go on. A URI that is named again makes another link
 * (docs/adr/0021). Confined to its node.
 */
final class SlaveLinks {
    private final NodeContext node;
    private final List<SlaveLink> links = new ArrayList<>();
    private final List<SlaveLink> trials = new ArrayList<>();
    private final Map<LinkUri, Integer> ids = new HashMap<>();
    private final ArrayDeque<Integer> removedIds = new ArrayDeque<>();
    private final ArrayDeque<Integer> unusedSockets = new ArrayDeque<>();

    SlaveLinks(NodeContext node) {
        this.node = node;
    }

    SlaveLink add(LinkUri uri, long nowNanos) {
        SlaveLink link = new SlaveLink(idFor(uri), uri, nowNanos);
        insert(link);
        return link;
    }

    private void insert(SlaveLink link) {
        ids.put(link.uri(), link.id());
        links.add(link);
        links.sort((a, b) -> Integer.compare(a.id(), b.id()));
    }

    /** Asks for a socket without a link. {@link #adopt} makes it one; {@link #giveUp} forgets it, and its id is free again. */
    SlaveLink tryOut(LinkUri uri, long nowNanos) {
        SlaveLink trial = new SlaveLink(idFor(uri), uri, nowNanos);
        trials.add(trial);
        return trial;
    }

    void adopt(SlaveLink trial) {
        trials.remove(trial);
        insert(trial);
    }

    void giveUp(SlaveLink trial) {
        trials.remove(trial);
        if (Integer.valueOf(trial.id()).equals(ids.get(trial.uri()))) {
            removedIds.add(trial.id()); // it was a link once
        }
        discard(trial.address());
    }

    @Nullable
    SlaveLink findTrial(int id) {
        return find(trials, id);
    }

    @Nullable
    SlaveLink findTrialBySocket(int socket) {
        return findBySocket(trials, socket);
    }

    private int idFor(LinkUri uri) {
        Integer former = ids.get(uri);
        if (former != null && find(former) == null && findTrial(former) == null) {
            removedIds.remove(former);
            return former;
        }
        int id = lowestFree();
        if (id == 0) {
            Integer longestRemoved = removedIds.poll();
            if (longestRemoved == null) {
                throw new IllegalStateException("a session has at most " + LinkId.MAX + " links");
            }
            id = longestRemoved;
            ids.values().remove(longestRemoved);
        }
        removedIds.remove(id); // there if its URI got another one when it was named twice
        return id;
    }

    private int lowestFree() {
        for (int id = LinkId.MIN; id <= LinkId.MAX; id++) {
            if (find(id) == null && findTrial(id) == null && !ids.containsValue(id)) {
                return id;
            }
        }
        return 0;
    }

    @Nullable
    SlaveLink remove(int id) {
        SlaveLink link = find(id);
        if (link != null) {
            links.remove(link);
            removedIds.add(id);
            discard(link.address());
        }
        return link;
    }

    @Nullable
    SlaveLink find(int id) {
        return find(links, id);
    }

    private static @Nullable SlaveLink find(List<SlaveLink> links, int id) {
        for (SlaveLink link : links) {
            if (link.id() == id) {
                return link;
            }
        }
        return null;
    }

    @Nullable
    SlaveLink findBySocket(int socket) {
        return findBySocket(links, socket);
    }

    private static @Nullable SlaveLink findBySocket(List<SlaveLink> links, int socket) {
        for (SlaveLink link : links) {
            PathAddress address = link.address();
            if (address != null && address.socket() == socket) {
                return link;
            }
        }
        return null;
    }

    /** A socket was made for a link; null when the link is gone meanwhile, and the socket with it. */
    @Nullable
    SlaveLink onSocket(
            int linkId, int socket, @Nullable InetSocketAddress remote, int maxDatagramBytes, long nowNanos) {
        SlaveLink found = find(linkId);
        SlaveLink link = found == null ? findTrial(linkId) : found;
        if (link == null) {
            unusedSockets.add(socket);
            return null;
        }
        discard(link.address());
        link.onSocket(PathAddress.chosen(socket, remote), maxDatagramBytes, nowNanos, node.random);
        return link;
    }

    /** No socket could be made, or the one there was has failed. */
    void onFailure(SlaveLink link, String reason, long nowNanos) {
        discard(link.address());
        link.onFailure(reason, nowNanos, node.random);
    }

    private void discard(@Nullable PathAddress address) {
        if (address != null) {
            node.connections.remove(address.socket());
            unusedSockets.add(address.socket());
        }
    }

    /** Links that answer need no new socket. */
    void noteAnswers(Session session, long nowNanos) {
        for (SlaveLink link : links) {
            SessionLink live = session.links().find(link.id());
            if (live != null && (live.state() == LinkState.UP || live.state() == LinkState.PAUSED)) {
                link.onAnswer(nowNanos);
            }
        }
    }

    @Nullable
    DialRequest pollDial(long nowNanos) {
        DialRequest request = pollDial(links, nowNanos);
        return request == null ? pollDial(trials, nowNanos) : request;
    }

    private static @Nullable DialRequest pollDial(List<SlaveLink> links, long nowNanos) {
        for (SlaveLink link : links) {
            if (link.takeDial(nowNanos)) {
                return new DialRequest(new LinkId(link.id()), link.uri());
            }
        }
        return null;
    }

    int pollUnusedSocket() {
        Integer socket = unusedSockets.poll();
        return socket == null ? 0 : socket;
    }

    long pollTimeout() {
        return Math.min(pollTimeout(links), pollTimeout(trials));
    }

    private static long pollTimeout(List<SlaveLink> links) {
        long due = Long.MAX_VALUE;
        for (SlaveLink link : links) {
            due = Math.min(due, link.pollTimeout());
        }
        return due;
    }

    List<PathAddress> addresses() {
        List<PathAddress> addresses = new ArrayList<>();
        for (SlaveLink link : links) {
            PathAddress address = link.address();
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    List<SlaveLink> all() {
        return links;
    }
}
