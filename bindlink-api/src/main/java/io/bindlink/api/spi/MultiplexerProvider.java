package io.bindlink.api.spi;

import io.bindlink.api.Multiplexer;
import java.util.Map;

/**
 * Makes multiplexers of one kind, one for each session. Name and version travel in the handshake: both ends must agree.
 * Found by {@link java.util.ServiceLoader}; thread-safe.
 */
public interface MultiplexerProvider {
    /**
     * The name a user selects it by, such as {@code bonding}.
     *
     * @return lower case, 1..32 characters, unique among providers
     */
    String name();

    /**
     * Version of what it puts on the wire.
     *
     * @return 0..65,535
     */
    int version();

    /**
     * Makes a multiplexer.
     *
     * @param options the user's settings for it
     * @return a new one, never shared
     * @throws io.bindlink.api.BindlinkException if a setting is unknown or out of range
     */
    Multiplexer create(Map<String, String> options);
}
