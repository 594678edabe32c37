package io.bindlink.api;

/** The description behind {@link PacketInfo#of}. Immutable. */
record FreshPacketInfo(int sizeBytes, int flow, Delivery delivery, Offload offload) implements PacketInfo {
    FreshPacketInfo {
        if (sizeBytes < 1 || sizeBytes > 65_535) {
            throw new IllegalArgumentException("packet size " + sizeBytes + " is not in 1..65535");
        }
        if (flow < 0) {
            throw new IllegalArgumentException("flow " + flow + " is negative");
        }
    }

    @Override
    public boolean sparse() {
        return false;
    }

    @Override
    public boolean resend() {
        return false;
    }

    @Override
    public boolean tail() {
        return false;
    }
}
