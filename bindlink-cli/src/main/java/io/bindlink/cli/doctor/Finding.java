package io.bindlink.cli.doctor;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * What one check found. Immutable.
 *
 * @param check what was looked at, a word or two
 * @param verdict how it is
 * @param text what was found, one line
 * @param hint what to do; empty if nothing
 */
record Finding(String check, Verdict verdict, String text, String hint) {
    /** How it is. */
    enum Verdict {
        OK,
        WARNING,
        FAILURE
    }

    static Finding ok(String check, String text) {
        return new Finding(check, Verdict.OK, text, "");
    }

    static Finding warning(String check, String text, String hint) {
        return new Finding(check, Verdict.WARNING, text, hint);
    }

    static Finding failure(String check, String text, String hint) {
        return new Finding(check, Verdict.FAILURE, text, hint);
    }

    /** The worst of some. */
    static Verdict worst(List<Finding> findings) {
        return findings.stream().map(Finding::verdict).max(Enum::compareTo).orElse(Verdict.OK);
    }

    static JsonArray json(List<Finding> findings) {
        JsonArray array = new JsonArray();
        for (Finding each : findings) {
            JsonObject json = new JsonObject();
            json.addProperty("check", each.check());
            json.addProperty("verdict", each.verdict().name().toLowerCase(Locale.ROOT));
            json.addProperty("text", each.text());
            json.addProperty("hint", each.hint());
            array.add(json);
        }
        return array;
    }

    /** For people; the hint on a line of its own. */
    @Override
    public String toString() {
        String mark = switch (verdict) {
            case OK -> "ok  ";
            case WARNING -> "WARN";
            case FAILURE -> "FAIL";
        };
        String line = String.format(Locale.ROOT, "%s  %-12s %s", mark, check, text);
        return hint.isEmpty() ? line : line + System.lineSeparator() + " ".repeat(19) + hint;
    }
}
