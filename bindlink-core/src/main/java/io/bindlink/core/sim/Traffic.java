package io.bindlink.core.sim;

/** Something that acts on a bond's virtual clock: a flow, a schedule of faults. Confined to its bond. */
public interface Traffic {
    /**
     * When to call {@link #handleTimeout}; asked again and again.
     *
     * @return the time on the bond's clock; {@link Long#MAX_VALUE}: not now
     */
    long pollTimeout();

    /**
     * The time has come.
     *
     * @param nowNanos the time on the bond's clock
     */
    void handleTimeout(long nowNanos);
}
