package io.bindlink.core.session;

import java.util.Arrays;

/**
 * The sockets that are TCP connections, by number, a handful, and which of them take no more for now. Confined to its
 * node.
 */
final class Connections {
    private int[] sockets = {};
    private int[] full = {};

    void add(int socket) {
        sockets = with(sockets, socket);
    }

    void remove(int socket) {
        sockets = without(sockets, socket);
        full = without(full, socket);
    }

    boolean contains(int socket) {
        return contains(sockets, socket);
    }

    void room(int socket, boolean room) {
        if (room) {
            full = without(full, socket);
        } else if (contains(socket) && !isFull(socket)) {
            full = with(full, socket);
        }
    }

    /** Whether a payload on it would have to wait. */
    boolean isFull(int socket) {
        return contains(full, socket);
    }

    private static boolean contains(int[] numbers, int number) {
        for (int each : numbers) {
            if (each == number) {
                return true;
            }
        }
        return false;
    }

    private static int[] with(int[] numbers, int number) {
        int[] more = Arrays.copyOf(numbers, numbers.length + 1);
        more[numbers.length] = number;
        return more;
    }

    private static int[] without(int[] numbers, int number) {
        return contains(numbers, number)
                ? Arrays.stream(numbers).filter(each -> each != number).toArray()
                : numbers;
    }
}
