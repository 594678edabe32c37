package io.bindlink.tun.tcp;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;

/** What is done to sockets in more than one place. */
final class Sockets {
    private Sockets() {}

    /** Prepares a connection: what is written leaves at once, and a peer that has gone without a word is noticed. */
    static void prepare(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    /** Resets a connection. */
    static void refuse(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0); // RFC 1122 section 4.2.2.13: an abort sends RST
        } catch (IOException e) {
            // closed already
        }
        closeQuietly(socket);
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing is left to be done about it
        }
    }
}
