package io.bindlink.core.mux;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Flows by their {@link ChunkLayout#key}: an array in pages, as few of the many possible flows ever exist. Confined to
 * its session.
 *
 * @param <T> the flow
 */
final class SlotTable<T> {
    private static final int PAGE_BITS = 8;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final @Nullable Object[] @Nullable [] pages =
            new Object[(FlowClass.values().length * ChunkLayout.SLOTS) >> PAGE_BITS][];

    @SuppressWarnings("unchecked") // put is the only way in
    @Nullable
    T get(int key) {
        @Nullable Object[] page = pages[key >>> PAGE_BITS];
        return page == null ? null : (T) page[key & (PAGE_SIZE - 1)];
    }

    void put(int key, T flow) {
        @Nullable Object[] page = pages[key >>> PAGE_BITS];
        if (page == null) {
            page = new Object[PAGE_SIZE];
            pages[key >>> PAGE_BITS] = page;
        }
        page[key & (PAGE_SIZE - 1)] = flow;
    }

    @SuppressWarnings("unchecked") // put is the only way in
    void forEach(Consumer<? super T> action) {
        for (@Nullable Object[] page : pages) {
            if (page == null) {
                continue;
            }
            for (Object flow : page) {
                if (flow != null) {
                    action.accept((T) flow);
                }
            }
        }
    }

    void clear() {
        Arrays.fill(pages, null);
    }
}
