package io.bindlink.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A strategy's name and its own settings, written {@code NAME[,key=value]...}. Immutable.
 *
 * @param name the strategy
 * @param options its settings
 */
record NamedOptions(String name, Map<String, String> options) {
    NamedOptions {
        options = Map.copyOf(options);
    }

    static NamedOptions parse(String text) {
        String[] parts = text.split(",", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals <= 0) {
                throw new TypeConversionException("'" + parts[i] + "' is not key=value; write NAME[,key=value]...");
            }
            String key = parts[i].substring(0, equals);
            if (options.put(key, parts[i].substring(equals + 1)) != null) {
                throw new TypeConversionException("'" + key + "' is given twice");
            }
        }
        if (parts[0].isEmpty()) {
            throw new TypeConversionException("no name; write NAME[,key=value]...");
        }
        return new NamedOptions(parts[0], options);
    }

    /** Reads it from an argument. */
    static final class Converter implements ITypeConverter<NamedOptions> {
        Converter() {}

        @Override
        public NamedOptions convert(String value) {
            return parse(value);
        }
    }
}
