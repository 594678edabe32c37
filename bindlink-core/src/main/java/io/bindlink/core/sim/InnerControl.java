package io.bindlink.core.sim;

/** The congestion control of a modelled TCP sender. */
public enum InnerControl {
    /** RFC 9438 with HyStart: what most systems use by default. It goes by loss and fills every queue. */
    CUBIC,
    /**
     * Version 1 as in Linux. It goes by the rate of delivery and the least round-trip time, and does not mind loss; a
     * round trip that grows when its packets spread over slower links keeps it short of window.
     */
    BBR
}
