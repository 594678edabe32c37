package io.bindlink.core.mux;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Multiplexer;
import io.bindlink.api.spi.MultiplexerProvider;
import java.util.Map;

/** Makes the multiplexer {@code bonding}, the default. It has no options. Thread-safe. */
public final class BondingProvider implements MultiplexerProvider {
    /** The name it is selected by. */
    public static final String NAME = "bonding";

    /** Version of the payload format of docs/wire-mux.md. */
    static final int VERSION = 1;

    /** For {@link java.util.ServiceLoader}. */
    public BondingProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public Multiplexer create(Map<String, String> options) {
        options.keySet().stream().sorted().findFirst().ifPresent(option -> {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "multiplexer " + NAME + ": no option \"" + option + "\"");
        });
        return new BondingMultiplexer();
    }
}
