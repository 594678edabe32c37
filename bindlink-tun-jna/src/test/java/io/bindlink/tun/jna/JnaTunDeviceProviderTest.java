package io.bindlink.tun.jna;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JnaTunDeviceProviderTest {
    @Test
    void worksWhereItCan() {
        assertThat(new JnaTunDeviceProvider().name()).isEqualTo("jna");
        assertThat(Platform.unsupported("Linux", "amd64", "--tun tcp works everywhere"))
                .isEmpty();
    }

    @Test
    void saysInOneLineWhereItCannot() {
        assertThat(Platform.unsupported("Mac OS X", "aarch64", "--tun tcp works everywhere"))
                .hasValue("it needs Linux, and this is Mac OS X; --tun tcp works everywhere");
        assertThat(Platform.unsupported("Linux", "ppc64le", "--tun tcp works everywhere"))
                .hasValue("it does not know the architecture ppc64le; --tun tcp works everywhere");
    }

    @Test
    void whatTheSystemRefusesIsToldInOneLine() {
        assertThat(Refusal.ofDevice("/dev/net/tun", Libc.EACCES))
                .hasMessage(
                        "no permission to open /dev/net/tun; run as root, or with CAP_NET_ADMIN where all may open it"
                                + " (mode 0666); "
                                + "--tun tcp needs no tun device");
        assertThat(Refusal.ofSetting("MTU 70000", Libc.EINVAL)).hasMessage("MTU 70000: Invalid argument");
        assertThat(Refusal.ofInterface("tun0", Libc.EPERM)).hasMessageStartingWith("CAP_NET_ADMIN is missing; ");
    }
}
