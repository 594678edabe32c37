package io.bindlink.core.stream;

import java.io.IOException;
import java.io.OutputStream;

/** A stream's outward direction as {@code java.io} has it; nothing is buffered. Thread-safe. */
final class StreamOutput extends OutputStream {
    private final ByteStream stream;

    StreamOutput(ByteStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        stream.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        stream.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
        stream.finish();
    }
}
