package io.bindlink.core.sim;

/** A datagram that came out of a {@link SimLink}. It belongs to the link and is valid until the next call of its poll. */
public final class Frame {
    private static final int USUAL_BYTES = 2048; // one allocation serves every datagram of an Ethernet

    private byte[] data = new byte[USUAL_BYTES];
    private int length;
    private long sentNanos;
    private long dueNanos;
    private long order;
    private int sizeBytes;
    private int mark;

    Frame() {}

    /**
     * The bytes, from index 0 on.
     *
     * @return an array that may be longer than the datagram
     */
    public byte[] data() {
        return data;
    }

    /**
     * Length of the datagram.
     *
     * @return bytes, overhead not included
     */
    public int length() {
        return length;
    }

    /**
     * When it was sent.
     *
     * @return nanoseconds on the caller's clock
     */
    public long sentNanos() {
        return sentNanos;
    }

    /**
     * When it arrived: at or before the time of the poll.
     *
     * @return nanoseconds on the caller's clock
     */
    public long dueNanos() {
        return dueNanos;
    }

    /**
     * What the sender gave along with it.
     *
     * @return the mark; 0 when there was none
     */
    public int mark() {
        return mark;
    }

    void fill(byte[] source, int offset, int count, int newMark, int overheadBytes, long nowNanos) {
        mark = newMark;
        if (data.length < count) {
            data = new byte[count];
        }
        System.arraycopy(source, offset, data, 0, count);
        length = count;
        sizeBytes = Math.max(1, count + overheadBytes);
        sentNanos = nowNanos;
    }

    /** Gives it its place among the arrivals; {@code order} decides between equal times. */
    void schedule(long atNanos, long atOrder) {
        dueNanos = atNanos;
        order = atOrder;
    }

    /** Size on the link, overhead included. */
    int sizeBytes() {
        return sizeBytes;
    }

    static int compare(Frame a, Frame b) {
        int byTime = Long.compare(a.dueNanos - b.dueNanos, 0);
        return byTime != 0 ? byTime : Long.compare(a.order, b.order);
    }
}
