package io.bindlink.core.io;

/**
 * What earlier dials taught about one link: which of the peer's addresses answered, and what its proxy is particular
 * about. Thread-safe.
 */
final class DialMemory {
    private int target;
    private boolean dialed;
    private boolean answered;
    private boolean tellsSource;
    private int relay;

    /** Begins a dial. Answers which of the target's addresses it is to try: the next one if the last brought nothing. */
    synchronized int beginDial() {
        if (dialed && !answered) {
            target++;
        }
        dialed = true;
        answered = false;
        return target;
    }

    /** Something authentic came from the target tried last. */
    synchronized void handleAnswer() {
        answered = true;
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
