package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class EventPumpTest {
    private final IoCounters counters = new IoCounters();
    private final List<Event> heard = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();

    @Test
    void eventsComeInOrderAndNeverBeforeTheFlush() {
        EventPump pump = new EventPump(Runnable::run, heard::add, counters);
        pump.offer(new Event.KeysRenewed(1));
        pump.offer(new Event.KeysRenewed(2));
        assertThat(heard).isEmpty();
        pump.flush();
        assertThat(heard).containsExactly(new Event.KeysRenewed(1), new Event.KeysRenewed(2));
    }

    @Test
    void aThrowingListenerIsKept() throws Exception {
        EventPump pump = new EventPump(
                Runnable::run,
                event -> {
                    heard.add(event);
                    throw new AssertionError("thrown by a test's listener");
                },
                counters);
        pump.offer(new Event.KeysRenewed(1));
        pump.offer(new Event.KeysRenewed(2));
        pump.flush();
        assertThat(heard).hasSize(2);
        assertThat(pump.awaitEmpty(System.nanoTime())).isTrue();
    }

    @Test
    void aListenerThatIsFarBehindMissesAllButTheClosingEvent() {
        EventPump pump = new EventPump(tasks::add, heard::add, counters);
        for (int i = 0; i < 1_030; i++) {
            pump.offer(new Event.KeysRenewed(i));
            pump.flush();
        }
        Event closed = new Event.Closed(Optional.empty());
        pump.offer(closed);
        assertThat(tasks).hasSize(1);
        tasks.get(0).run();
        assertThat(heard).hasSize(1_025).endsWith(closed);
        assertThat(counters.eventsDropped.sum()).isEqualTo(6);
    }

    @Test
    void anExecutorThatRefusesCostsItsEventsOnly() {
        EventPump pump = new EventPump(
                task -> {
                    throw new RejectedExecutionException();
                },
                heard::add,
                counters);
        pump.offer(new Event.KeysRenewed(1));
        pump.flush();
        assertThat(counters.eventsDropped.sum()).isEqualTo(1);
    }

    @Test
    void aListenerThatCausesEventsHearsThemAfterwards() {
        EventPump[] pump = new EventPump[1];
        pump[0] = new EventPump(
                Runnable::run,
                event -> {
                    heard.add(event);
                    if (heard.size() == 1) {
                        pump[0].offer(new Event.KeysRenewed(9));
                        pump[0].flush();
                        assertThat(heard).hasSize(1);
                    }
                },
                counters);
        pump[0].offer(new Event.KeysRenewed(1));
        pump[0].flush();
        assertThat(heard).containsExactly(new Event.KeysRenewed(1), new Event.KeysRenewed(9));
    }
}
