package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final AtomicInteger puttings = new AtomicInteger();
    private final Turnstile turnstile = new Turnstile(puttings::incrementAndGet);

    @Test
    void theLastOneOutPutsAway() throws InterruptedException {
        assertThat(turnstile.enter()).isTrue();
        assertThat(turnstile.enter()).isTrue();
        turnstile.leave();
        assertThat(turnstile.isShut()).isFalse();
        turnstile.shut();
        assertThat(turnstile.isShut()).isTrue();
        assertThat(puttings).hasValue(0);
        assertThat(turnstile.awaitEmpty(1)).isFalse();
        turnstile.leave();
        assertThat(puttings).hasValue(1);
        assertThat(turnstile.awaitEmpty(1)).isTrue();
    }

    @Test
    void nothingIsPutAwayWhileItIsOpen() {
        for (int i = 0; i < 10; i++) {
            assertThat(turnstile.enter()).isTrue();
            turnstile.leave();
        }
        assertThat(puttings).hasValue(0);
    }

    @Test
    void nobodyGetsInAfterwards() {
        assertThat(turnstile.enter()).isTrue();
        turnstile.shut();
        assertThat(turnstile.enter()).isFalse();
        turnstile.shut();
        turnstile.leave();
        assertThat(turnstile.enter()).isFalse();
        assertThat(puttings).hasValue(1);
    }

    @Test
    void nobodyIsInsideWhenItIsPutAway() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger insideAtTheEnd = new AtomicInteger(-1);
            AtomicBoolean ended = new AtomicBoolean();
            Turnstile shared = new Turnstile(() -> insideAtTheEnd.set(inside.get()));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(new Thread(() -> {
                    while (!ended.get() && shared.enter()) {
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                        shared.leave();
                    }
                }));
            }
            threads.forEach(Thread::start);
            assertThat(shared.enter()).isTrue();
            shared.shut();
            shared.leave();
            for (Thread each : threads) {
                each.join();
            }
            assertThat(insideAtTheEnd).hasValue(0);
            ended.set(true);
        }
    }
}
