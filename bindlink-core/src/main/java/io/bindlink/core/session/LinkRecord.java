package io.bindlink.core.session;

import io.bindlink.core.base.Serial;
import io.bindlink.core.crypto.ReplayWindow;
import io.bindlink.core.link.LinkPath;
import org.jspecify.annotations.Nullable;

/**
 * What a session keeps for a link id for as long as it lives, whatever comes and goes under that id: packet numbers and
 * replay window never start again, since a number used twice with one key would be fatal. Confined to its session.
 */
final class LinkRecord {
    private static final int REPLAY_WINDOW_BITS = 8192; // 100 Mbit/s for 100 ms of reordering, eight times over
    private static final int NUMBER_BITS = 32;

    private final LinkPath path;
    private final LinkAccount account = new LinkAccount();
    private final ReplayWindow replay = new ReplayWindow(REPLAY_WINDOW_BITS);
    private long largestReceived;
    private long duplicates;
    private long resent;
    private @Nullable SessionLink link;
    private long removedSentNanos = Long.MIN_VALUE;

    LinkRecord(LinkPath path, long firstNumber) {
        this.path = path;
        this.largestReceived = firstNumber - 1;
    }

    LinkPath path() {
        return path;
    }

    LinkAccount account() {
        return account;
    }

    ReplayWindow replay() {
        return replay;
    }

    /** A datagram with a number that had come before, or is too old to tell; nobody knows who sent it. */
    void onDuplicate() {
        duplicates++;
    }

    long duplicates() {
        return duplicates;
    }

    /** A datagram left with what had been sent before. */
    void onResent() {
        resent++;
    }

    long resent() {
        return resent;
    }

    @Nullable
    SessionLink link() {
        return link;
    }

    void link(@Nullable SessionLink current) {
        link = current;
    }

    /** The peer removed the link; what it sent there before is a straggler and brings no link back. */
    void onRemoved(long sentNanos) {
        removedSentNanos = sentNanos;
    }

    boolean isStraggler(long sentNanos) {
        return removedSentNanos != Long.MIN_VALUE && sentNanos - removedSentNanos <= 0;
    }

    /** The full number behind the 32 bits on the wire; negative when there is none. */
    static long expand(@Nullable LinkRecord record, long firstNumber, long low) {
        return Serial.expand(record == null ? firstNumber : record.largestReceived + 1, low, NUMBER_BITS);
    }

    /**
     * Notes an authentic packet.
     *
     * @return whether its number is the highest so far
     */
    boolean onAuthentic(long number) {
        replay.mark(number);
        if (number <= largestReceived) {
            return false;
        }
        largestReceived = number;
        return true;
    }
}
