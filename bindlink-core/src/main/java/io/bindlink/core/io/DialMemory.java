package io.bindlink.core.io;

/**
 * What earlier dials taught about one link: which of the peer's addresses answered, and what its proxy is particular
 * about. Thread-safe.
 */
final class DialMemory {
    private static final int HABIT = 2; // so many early ends in a row are a proxy's habit

    private int target;
    private boolean dialed;
    private boolean answered;
    private boolean tellsSource;
    private int relay;
    private int earlyEnds; // of control connections, in a row; not counted beyond a habit

    /** Begins a dial. Answers which of the target's addresses it is to try: the next one if the last brought nothing. */
    synchronized int beginDial() {
        if (dialed && !answered) {
            target++;
            if (earlyEnds == HABIT) { // what was one before may be a failure now
                earlyEnds = 0;
            }
        }
        dialed = true;
        answered = false;
        return target;
    }

    /** Something authentic came from the target tried last. */
    synchronized void handleAnswer() {
        answered = true;
    }

    /**
     * A control connection ended. That is the relay's end, too (RFC 1928 section 7); but some proxies close it as soon as they
     * have replied, and relay on.
     *
     * @param early whether it did so soon after the reply
     * @return whether to believe in the relay's end: not after the second early one in a row
     */
    synchronized boolean handleControlEnd(boolean early) {
        if (earlyEnds < HABIT) {
            earlyEnds = early ? earlyEnds + 1 : 0;
        }
        return earlyEnds < HABIT;
    }

    /** The relay candidate to try first. */
    synchronized int relay() {
        return relay;
    }

    /** This relay candidate carried an answer. */
    synchronized void handleRelay(int candidate) {
        relay = candidate;
    }

    /** Whether the proxy wants to be told the client's own address. */
    synchronized boolean tellsSource() {
        return tellsSource;
    }

    /** The proxy took a request only with (or without) the client's own address. */
    synchronized void handleTold(boolean source) {
        tellsSource = source;
    }
}
