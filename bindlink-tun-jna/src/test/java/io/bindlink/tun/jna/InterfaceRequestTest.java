package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InterfaceRequestTest {
    @Test
    void nameThenFlagsThenNothing() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        InterfaceRequest request = new InterfaceRequest("tun0").flags(InterfaceRequest.TUN_WITHOUT_HEADER);
        byte[] bytes = new byte[40];
        request.bytes().get(0, bytes);
        assertThat(request.bytes().capacity()).isEqualTo(40);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("74756e30" + "00".repeat(12) + "0110" + "00".repeat(22));
    }

    @Test
    void nameIsReadUpToItsEnd() {
        assertThat(new InterfaceRequest("a23456789012345").name()).isEqualTo("a23456789012345");
        InterfaceRequest request = new InterfaceRequest("bindlink%d");
        request.bytes().put(0, "bindlink7\0".getBytes(StandardCharsets.US_ASCII)); // as the kernel does
        assertThat(request.name()).isEqualTo("bindlink7");
    }
}
