package io.bindlink.cli.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opens many connections to an echo, all at once, uses and closes them. Its own program, for a namespace of its own: {@code
 * ManyConnections PORT COUNT}.
 */
final class ManyConnections {
    private ManyConnections() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(word(i));
            sockets.add(socket);
        }
        int right = 0;
        for (int i = 0; i < count; i++) {
            byte[] word = word(i);
            byte[] heard = sockets.get(i).getInputStream().readNBytes(word.length);
            right += Arrays.equals(heard, word) ? 1 : 0;
        }
        for (Socket socket : sockets) {
            socket.shutdownOutput();
        }
        int ended = 0;
        for (Socket socket : sockets) {
            ended += socket.getInputStream().read() < 0 ? 1 : 0;
            socket.close();
        }
        System.out.println(right + " right, " + ended + " ended");
    }

    private static byte[] word(int i) {
        return ("this is number " + i).getBytes(StandardCharsets.US_ASCII);
    }
}
