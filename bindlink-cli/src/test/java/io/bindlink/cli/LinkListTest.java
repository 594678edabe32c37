package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkListTest {
    @TempDir
    private Path directory;

    @Test
    void proxyIsASocksLink() {
        LinkUri uri = new LinkList(null).proxy("192.168.43.1:1081");
        assertThat(uri).isEqualTo(LinkUri.socks5("192.168.43.1", 1081));
        assertThat(new LinkList(null).proxy("[fe80::1]:1080").host()).isEqualTo("fe80::1");
        assertThat(new LinkList(null).proxy("phone").port()).isEqualTo(1080);
    }

    @Test
    void userNameMayHoldAnyCharacter() {
        assertThat(new LinkList(null).proxy("a b@c+d%:e@phone:1080").user()).contains("a b@c+d%:e");
    }

    @Test
    void passwordOfTheProxiesIsGivenToThoseWithAUserName() throws IOException {
        LinkList list = new LinkList(file("se cret\nsecond line\n"));
        assertThat(list.proxy("me@phone:1080").password()).contains("se cret");
        assertThat(list.proxy("phone:1080").password()).isEmpty();
        assertThat(list.link("socks5://me@phone").password()).contains("se cret");
        assertThat(list.link("udp://master:4500").password()).isEmpty();
        assertThat(list.proxy("me@phone:1080").toString())
                .doesNotContain("cret")
                .doesNotContain("me@");
    }

    @Test
    void passwordFileOfALinkComesFirst() throws IOException {
        LinkList list = new LinkList(file("general"));
        Path own = Files.writeString(directory.resolve("own"), "own\n");
        assertThat(list.link("socks5://me@phone?password-file=" + own).password())
                .contains("own");
    }

    @Test
    void emptyPasswordFileIsAMistake() throws IOException {
        LinkList list = new LinkList(file(""));
        assertThatThrownBy(() -> list.proxy("me@phone"))
                .isInstanceOf(BindlinkException.class)
                .hasMessageEndingWith("is empty");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("password"), text);
    }
}
