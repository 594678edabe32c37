package io.bindlink.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyRingTest {
    private final Epoch first = epoch(1);
    private final KeyRing keys = new KeyRing(first);

    @Test
    void preparedKeysOpenAndDoNotSealYet() {
        keys.prepare(epoch(2));
        assertThat(keys.current()).isSameAs(first);
        assertThat(keys.find(2)).isNotNull();
    }

    @Test
    void replacedKeysOpenUntilTheirOwnTimeIsOverHoweverManyFollow() {
        keys.use(epoch(2), 50);
        keys.use(epoch(3), 60);
        keys.use(epoch(4), 70);
        assertThat(keys.pollTimeout()).isEqualTo(50);
        keys.handleTimeout(49);
        assertThat(keys.find(1)).isSameAs(first);
        keys.handleTimeout(50);
        assertThat(keys.find(1)).isNull();
        assertThat(keys.find(2)).isNotNull();
        keys.handleTimeout(70);
        assertThat(keys.find(3)).isNull();
        assertThat(keys.find(4)).isSameAs(keys.current());
        assertThat(keys.pollTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void doesNotGrowWithoutBound() {
        for (int index = 2; index < 1_000; index++) {
            keys.use(epoch(index), Long.MAX_VALUE);
        }
        assertThat(keys.find(100)).isNull();
        assertThat(keys.find(990)).isNotNull();
    }

    private static Epoch epoch(int ownIndex) {
        return new Epoch(ownIndex, ownIndex, 0, null, 0);
    }
}
