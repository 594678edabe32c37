package io.bindlink.core.stream;

import java.io.IOException;
import java.io.InputStream;

/** A stream's inward direction as {@code java.io} has it. Thread-safe. */
final class StreamInput extends InputStream {
    private final ByteStream stream;

    StreamInput(ByteStream stream) {
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return length == 0 ? 0 : stream.read(target, offset, length);
    }

    @Override
    public int available() {
        return stream.availableBytes();
    }

    @Override
    public void close() {
        stream.close();
    }
}
