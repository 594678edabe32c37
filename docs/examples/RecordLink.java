import io.bindlink.core.Bindlink;
import io.bindlink.core.sim.LinkRecorder;
import java.io.IOException;
import java.nio.file.Path;

/** Records what the first link of a slave does, for the simulator. */
public final class RecordLink {
    private RecordLink() {}

    /**
     * Takes a sample four times a second.
     *
     * @param slave a running node with a link
     * @param seconds how long
     * @param file where the trace goes
     * @throws IOException if it cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public static void record(Bindlink slave, int seconds, Path file) throws IOException, InterruptedException {
        LinkRecorder recorder = new LinkRecorder();
        for (int i = 0; i < 4 * seconds; i++) {
            recorder.handleStats(System.nanoTime(), slave.stats().links().get(0));
            Thread.sleep(250);
        }
        recorder.trace().write(file);
    }
}
