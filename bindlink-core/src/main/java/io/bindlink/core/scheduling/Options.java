package io.bindlink.core.scheduling;

import io.bindlink.api.BindlinkException;
import java.util.HashMap;
import java.util.Map;

/** Reads a scheduler's options and refuses what it does not know. Confined to its caller. */
final class Options {
    private final String scheduler;
    private final Map<String, String> left;

    /** All options still to be read. */
    Options(String scheduler, Map<String, String> options) {
        this.scheduler = scheduler;
        this.left = new HashMap<>(options);
    }

    int percent(String option, int standard, int largest) {
        String text = left.remove(option);
        if (text == null) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= 0 && value <= largest) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both
        }
        throw refused(option + " is \"" + text + "\", not a number in 0.." + largest);
    }

    void rejectOthers() {
        left.keySet().stream().sorted().findFirst().ifPresent(option -> {
            throw refused("no option \"" + option + "\"");
        });
    }

    private BindlinkException refused(String what) {
        return new BindlinkException(BindlinkException.Code.CONFIG, "scheduler " + scheduler + ": " + what);
    }
}
