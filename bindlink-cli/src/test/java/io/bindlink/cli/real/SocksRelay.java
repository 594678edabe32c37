package io.bindlink.cli.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Takes connections on loopback and makes each one anew through a SOCKS5 proxy on loopback, for programs that know no
 * proxies. Its own program, for a namespace of its own: {@code SocksRelay PORT SOCKS_PORT HOST HOST_PORT}.
 */
final class SocksRelay {
    private SocksRelay() {}

    public static void main(String[] arguments) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Proxy proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(loopback, Integer.parseInt(arguments[1])));
        InetSocketAddress target = InetSocketAddress.createUnresolved(arguments[2], Integer.parseInt(arguments[3]));
        try (ServerSocket listening = new ServerSocket(Integer.parseInt(arguments[0]), 50, loopback)) {
            System.out.println("ready");
            while (true) {
                Socket client = listening.accept();
                Socket proxied = new Socket(proxy);
                proxied.connect(target);
                new Thread(() -> pump(client, proxied)).start();
                new Thread(() -> pump(proxied, client)).start();
            }
        }
    }

    /** An end passes as an end, and any failure ends both. */
    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.out.println("relay: " + e);
        }
    }
}
