package io.bindlink.cli.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** An HTTP proxy that does CONNECT for one user, as companies have: a program of its own. */
final class ConnectProxy {
    private ConnectProxy() {}

    /** Arguments: address, port, user name and password with a colon between. */
    public static void main(String[] arguments) throws IOException {
        String wanted = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(arguments[2].getBytes(StandardCharsets.UTF_8));
        try (ServerSocket server =
                new ServerSocket(Integer.parseInt(arguments[1]), 50, InetAddress.getByName(arguments[0]))) {
            System.out.println("listening");
            while (true) {
                Socket client = server.accept();
                background(() -> serve(client, wanted));
            }
        }
    }

    private static void serve(Socket client, String wanted) throws IOException {
        // The client says nothing behind its request before it is answered, so no byte of it can be lost in the reader
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String[] request = lines.readLine().split(" ");
        boolean allowed = false;
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            allowed |= line.equals(wanted);
        }
        if (!allowed || !request[0].equals("CONNECT")) {
            answer(client, "407 Proxy Authentication Required");
            client.close();
            return;
        }
        int colon = request[1].lastIndexOf(':');
        Socket target = new Socket(request[1].substring(0, colon), Integer.parseInt(request[1].substring(colon + 1)));
        answer(client, "200 Connection established");
        background(() -> pump(target, client));
        pump(client, target);
    }

    private static void answer(Socket client, String status) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\nVia: 1.1 test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        new Thread(() -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        System.out.println(e.getMessage());
                    }
                })
                .start();
    }
}
