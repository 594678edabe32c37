package io.bindlink.cli.real;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program that greets like an SSH server whoever connects to port 22 on loopback. */
final class Greeter {
    static final String GREETING = "SSH-2.0-here";

    private Greeter() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocket server = new ServerSocket(22, 8, InetAddress.getLoopbackAddress())) {
            System.out.println("greeting");
            while (true) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write((GREETING + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }
}
