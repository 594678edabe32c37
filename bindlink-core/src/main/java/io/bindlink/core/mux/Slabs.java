package io.bindlink.core.mux;

import java.util.ArrayDeque;
import java.util.Deque;

/** Pool of byte arrays in four sizes, for what has to be held back. Confined to its session. */
final class Slabs {
    private static final int[] SIZES = {256, 2_048, 16_384, 65_536};

    /** More idle bytes than this are left to the garbage collector. */
    private static final long MAX_IDLE_BYTES = 4 << 20;

    private final Deque<byte[]>[] idle = pools();
    private long idleBytes;
    private long lentBytes;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static Deque<byte[]>[] pools() {
        Deque[] pools = new Deque[SIZES.length];
        for (int i = 0; i < pools.length; i++) {
            pools[i] = new ArrayDeque<byte[]>();
        }
        return pools;
    }

    /** Takes an array of at least a size, at most 65,535. */
    byte[] take(int sizeBytes) {
        int pool = 0;
        while (SIZES[pool] < sizeBytes) {
            pool++;
        }
        byte[] slab = idle[pool].poll();
        if (slab == null) {
            slab = new byte[SIZES[pool]];
        } else {
            idleBytes -= slab.length;
        }
        lentBytes += slab.length;
        return slab;
    }

    void give(byte[] slab) {
        lentBytes -= slab.length;
        if (idleBytes + slab.length > MAX_IDLE_BYTES) {
            return;
        }
        int pool = 0;
        while (SIZES[pool] != slab.length) {
            pool++;
        }
        idle[pool].push(slab);
        idleBytes += slab.length;
    }

    long lentBytes() {
        return lentBytes;
    }
}
