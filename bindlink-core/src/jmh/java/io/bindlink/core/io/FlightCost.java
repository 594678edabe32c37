package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkId;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkUri;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the events for Java Flight Recorder cost while nobody records: a link that goes down and comes up again, which are
 * two events and a stall. Packets make none.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FlightCost {
    /** A node's log. */
    @State(Scope.Thread)
    public static class Log {
        private static final LinkId LINK = new LinkId(1);
        private static final LinkUri URI = LinkUri.udp("192.0.2.1", 4500);

        /** When somebody records: {@code never}, or {@code before}, so that the recorder is there and no event enabled. */
        @Param({"never", "before"})
        public String recorded = "never";

        private final Event down = new Event.LinkChanged(LINK, URI, LinkState.UP, LinkState.DOWN, "gone");
        private final Event up = new Event.LinkChanged(LINK, URI, LinkState.DOWN, LinkState.UP, "");
        private final FlightLog log = FlightLog.of(
                "bench", Role.SLAVE, () -> new Stats(Role.SLAVE, false, 0, List.of(), Map.of()));

        /** Lets a recording begin and end. */
        @Setup(Level.Trial)
        public void start() {
            log.start();
            if (recorded.equals("before")) {
                try (Recording recording = new Recording()) {
                    recording.start();
                }
            }
        }

        /** Ends the log. */
        @TearDown(Level.Trial)
        public void close() {
            log.close();
        }
    }

    /**
     * Two events and a stall.
     *
     * @param node whose link it is
     */
    @Benchmark
    public void linkGoesAndComes(Log node) {
        node.log.handleEvent(node.down);
        node.log.handleEvent(node.up);
    }
}
