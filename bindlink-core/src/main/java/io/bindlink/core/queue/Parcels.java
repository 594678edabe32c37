package io.bindlink.core.queue;

import io.bindlink.api.Packet;
import io.bindlink.core.base.SegmentHeaders;
import org.jspecify.annotations.Nullable;

/** Store of idle parcels, so that a packet costs no allocation. Confined to its session. */
public final class Parcels {
    private final SegmentHeaders headers = new SegmentHeaders();
    private @Nullable Parcel idle;

    /** An empty store. */
    public Parcels() {}

    /**
     * Wraps a packet.
     *
     * @param packet from now on the parcel's
     * @param nowNanos the time
     * @return a parcel with one holder
     */
    public Parcel wrap(Packet packet, long nowNanos) {
        Parcel parcel = idle;
        if (parcel == null) {
            parcel = new Parcel(this);
        } else {
            idle = parcel.next;
        }
        parcel.wrap(packet, nowNanos);
        return parcel;
    }

    /** Serves all parcels. */
    SegmentHeaders headers() {
        return headers;
    }

    void giveBack(Parcel parcel) {
        parcel.next = idle;
        idle = parcel;
    }
}
