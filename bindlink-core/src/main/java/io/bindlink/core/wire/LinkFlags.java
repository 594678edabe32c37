package io.bindlink.core.wire;

/** Bits of a LINK_STATE frame. {@code docs/wire.md section 8.4}. Immutable. */
public final class LinkFlags {
    /** The sender stopped sending on the link. */
    public static final int NOT_SENDING = 1;

    /** The sender hears nothing on the link: what is sent to it there is lost. */
    public static final int NOT_HEARING = 2;

    /** The link is paused by its user. */
    public static final int PAUSED = 4;

    /** The link is gone. */
    public static final int REMOVED = 8;

    private LinkFlags() {}
}
