package io.bindlink.cli.relaunch;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What this process executes. Called by name instead of by a mapped class, which would take JNA twice as long. */
final class ProcessImage {
    private static final int STANDARD_ERROR = 2;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final Set<String> RANDOM = Set.of("/dev/random", "/dev/urandom");

    private ProcessImage() {}

    /**
     * Replaces this process's program, as {@code man 2 execve} describes it. The process stays: its number, its open
     * files but for those marked to be closed, its environment. Returns only if it fails, and then nothing has changed.
     *
     * @param program a path
     * @param words the command line, each word with the zero it ends with
     */
    static void replace(String program, List<byte[]> words) throws IOException {
        NativeLibrary libc = NativeLibrary.getProcess();
        leaveBehind(libc);
        Function execv = libc.getFunction("execv");
        execv.invokeInt(new Object[] {(program + "\0").getBytes(StandardCharsets.US_ASCII), vector(words)});
    }

    /** Has the files closed that each JVM opens for itself. What the process was born with goes on, as if nothing were. */
    private static void leaveBehind(NativeLibrary libc) throws IOException {
        Function fcntl = libc.getFunction("fcntl");
        String runtime = new File(System.getProperty("java.home")).getCanonicalPath() + "/";
        String jar = new File(System.getProperty("java.class.path")).getCanonicalPath();
        String[] descriptors = new File("/proc/self/fd").list();
        for (String name : descriptors == null ? new String[0] : descriptors) {
            int descriptor = Integer.parseInt(name);
            String path = new File("/proc/self/fd", name).getCanonicalPath();
            boolean ours = path.startsWith(runtime) || path.equals(jar) || RANDOM.contains(path);
            if (ours && descriptor > STANDARD_ERROR) {
                fcntl.invokeInt(new Object[] {descriptor, F_SETFD, FD_CLOEXEC});
            }
        }
    }

    /** An array of pointers to the words, a null after the last. Never freed: there is one at most. */
    private static Pointer vector(List<byte[]> words) {
        long tableBytes = (words.size() + 1L) * Native.POINTER_SIZE;
        long sizeBytes = tableBytes;
        for (byte[] word : words) {
            sizeBytes += word.length;
        }
        Pointer vector = new Pointer(Native.malloc(sizeBytes));
        long end = tableBytes;
        for (int i = 0; i < words.size(); i++) {
            byte[] word = words.get(i);
            vector.write(end, word, 0, word.length);
            vector.setPointer((long) i * Native.POINTER_SIZE, vector.share(end));
            end += word.length;
        }
        vector.setPointer((long) words.size() * Native.POINTER_SIZE, Pointer.NULL);
        return vector;
    }
}
