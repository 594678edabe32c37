package io.bindlink.cli.real;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program that greets whoever connects to the address and port it is given. */
final class Greeter {
    static final String GREETING = "hello from here";

    private Greeter() {}

    public static void main(String[] arguments) throws Exception {
        try (ServerSocket server =
                new ServerSocket(Integer.parseInt(arguments[1]), 8, InetAddress.getByName(arguments[0]))) {
            System.out.println("greeting");
            while (true) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write((GREETING + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }
}
