package io.bindlink.tun.jna;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that native functions can read and write: a direct buffer in native order and its address, looked up once. The
 * memory lives as long as this object does, so its user keeps it in a field or uses it after the call. Not thread-safe.
 */
final class NativeMemory {
    private final ByteBuffer bytes;
    private final long address;

    NativeMemory(int sizeBytes) {
        bytes = ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
        address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    }

    /** A text as C has it, with a zero at its end. */
    static NativeMemory ofText(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        NativeMemory memory = new NativeMemory(ascii.length + 1);
        memory.bytes.put(0, ascii);
        return memory;
    }

    /** Always the same buffer. */
    ByteBuffer bytes() {
        return bytes;
    }

    long address() {
        return address;
    }

    int sizeBytes() {
        return bytes.capacity();
    }
}
