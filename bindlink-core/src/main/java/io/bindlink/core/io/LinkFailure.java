package io.bindlink.core.io;

import io.bindlink.api.Counter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;

/** Kinds of reasons for which a link is not there. Each is a counter. */
enum LinkFailure {
    /** Nothing answered in time. */
    TIMEOUT(Counter.LINK_FAILURES_TIMEOUT),
    /** Nothing listens there, or a proxy's rules forbid it. */
    REFUSED(Counter.LINK_FAILURES_REFUSED),
    /** A proxy did not take user name and password, or wants some. */
    AUTH(Counter.LINK_FAILURES_AUTH),
    /** A proxy does not support UDP. */
    NO_UDP(Counter.LINK_FAILURES_NO_UDP),
    /** The socket, or the control connection that keeps it alive, ended. */
    CONTROL_CLOSED(Counter.LINK_FAILURES_CONTROL_CLOSED),
    /** The system was told that nothing listens at the other end. */
    ICMP(Counter.LINK_FAILURES_ICMP),
    /** All else. */
    OTHER(Counter.LINK_FAILURES_OTHER);

    private final Counter counter;

    LinkFailure(Counter counter) {
        this.counter = counter;
    }

    Counter counter() {
        return counter;
    }

    /** What kind of reason an attempt to make a link failed for. */
    static LinkFailure of(IOException e) {
        if (e instanceof LinkFailedException failed) {
            return failed.kind();
        }
        if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
            return TIMEOUT;
        }
        return e instanceof ConnectException ? REFUSED : OTHER;
    }
}
