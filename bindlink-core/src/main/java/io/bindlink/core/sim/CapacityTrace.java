package io.bindlink.core.sim;

import io.bindlink.api.BindlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Recorded capacity of a link in mahimahi's format: one line per opportunity to send 1500 bytes, holding the millisecond
 * at which it comes. The same millisecond may stand on several lines. At its end the trace begins again; its length is
 * the time of its last line. Immutable.
 */
public final class CapacityTrace {
    /** What one opportunity carries; several small packets may share it, and what is left of it is lost. */
    public static final int OPPORTUNITY_BYTES = 1500;

    private static final long MAX_MILLIS = Integer.MAX_VALUE; // 24 days; longer recordings are a mistake

    private final int[] millis;

    private CapacityTrace(int[] millis) {
        this.millis = millis;
    }

    /**
     * Reads a trace from a file.
     *
     * @param file the file
     * @return the trace
     * @throws IOException when the file cannot be read
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} and one line that says what is wrong
     */
    public static CapacityTrace read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllLines(file));
    }

    /**
     * Reads a trace from its lines.
     *
     * @param name what error messages call it
     * @param lines one whole number each, never falling; empty lines are skipped
     * @return the trace
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} and one line that says what is wrong
     */
    public static CapacityTrace parse(String name, List<String> lines) {
        int[] millis = new int[lines.size()];
        int count = 0;
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).strip();
            if (text.isEmpty()) {
                continue;
            }
            int value = parseMillis(name, i + 1, text);
            if (count > 0 && value < millis[count - 1]) {
                throw invalid(name, i + 1, value + " comes after " + millis[count - 1] + "; times must not fall");
            }
            millis[count++] = value;
        }
        if (count == 0 || millis[count - 1] == 0) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "trace '" + name + "': no line with a time over 0 milliseconds");
        }
        return new CapacityTrace(Arrays.copyOf(millis, count));
    }

    /**
     * A trace from its times.
     *
     * @param millis times of the opportunities, never falling, the last over 0
     * @return the trace
     * @throws BindlinkException as {@link #parse} does
     */
    public static CapacityTrace of(long... millis) {
        return parse("of", LongStream.of(millis).mapToObj(Long::toString).toList());
    }

    /**
     * Writes the trace to a file that {@link #read} reads.
     *
     * @param file written anew
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        Files.write(file, IntStream.of(millis).mapToObj(Integer::toString).toList());
    }

    /**
     * Time after which the trace repeats.
     *
     * @return milliseconds, over 0
     */
    public int periodMillis() {
        return millis[millis.length - 1];
    }

    /**
     * Number of opportunities in one period.
     *
     * @return over 0
     */
    public int size() {
        return millis.length;
    }

    /**
     * Capacity on average.
     *
     * @return bytes per second
     */
    public long meanRateBytesPerSecond() {
        return (long) millis.length * OPPORTUNITY_BYTES * 1000 / periodMillis();
    }

    /** Time of one opportunity within the period. */
    int millis(int index) {
        return millis[index];
    }

    /** Index of the first opportunity at or after a time within the period; {@link #size} when there is none. */
    int indexAtOrAfter(long atMillis) {
        int low = 0;
        int high = millis.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (millis[middle] < atMillis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int parseMillis(String name, int line, String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= MAX_MILLIS) {
                return (int) value;
            }
        } catch (NumberFormatException e) {
            // told below, in the same words as a number out of range
        }
        throw invalid(name, line, "'" + text + "' is not a whole number of milliseconds in 0.." + MAX_MILLIS);
    }

    private static BindlinkException invalid(String name, int line, String what) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "trace '" + name + "' line " + line + ": " + what);
    }
}
