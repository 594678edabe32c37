package io.bindlink.tun.tcp;

import java.util.ArrayList;
import java.util.List;

/**
 * A local port whose connections go to a target behind the other end: {@code [BIND:]PORT:HOST:PORT}. Immutable.
 *
 * @param local where to listen
 * @param target what the other end connects to
 */
record Forward(Endpoint local, Endpoint target) {
    static Forward parse(String setting, String text) {
        List<String> parts = parts(text);
        int count = parts.size();
        if (count != 3 && count != 4) {
            throw TcpTunDeviceProvider.invalid(
                    setting + " '" + text + "': write [BIND:]PORT:HOST:PORT, IPv6 addresses in brackets");
        }
        String local = (count == 4 ? parts.get(0) + ":" : "") + parts.get(count - 3);
        Endpoint target = Endpoint.parse(setting, parts.get(count - 2) + ":" + parts.get(count - 1));
        if (!Target.isHost(target.host())) {
            throw TcpTunDeviceProvider.invalid(setting + " '" + text + "': '" + target.host() + "' is no host");
        }
        return new Forward(Endpoint.parseLocal(setting, local), target);
    }

    /** The parts between colons that are not inside brackets. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            inside = c == '[' || (inside && c != ']');
            if (c == ':' && !inside) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
