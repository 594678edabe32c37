package io.bindlink.core.crypto;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.BindlinkException.Code;
import java.util.Base64;

/** A {@link PresharedSecret} as text: the 44 characters of standard base64, as WireGuard writes its keys. Immutable. */
public final class KeyText {
    /** Characters in a key. */
    public static final int LENGTH = 44;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private KeyText() {}

    /**
     * Reads a key.
     *
     * @param text the key; space around it, such as the end of its file's line, does not matter
     * @return the secret
     * @throws BindlinkException when it is not a key; the message never contains the text
     */
    public static PresharedSecret parse(String text) {
        String key = text.strip();
        if (key.length() != LENGTH) {
            throw invalid(key.isEmpty() ? "is empty" : "has " + key.length() + " characters");
        }
        for (int i = 0; i < LENGTH - 1; i++) {
            if (ALPHABET.indexOf(key.charAt(i)) < 0) {
                throw invalid("is not base64 at character " + (i + 1));
            }
        }
        if (key.charAt(LENGTH - 1) != '=') {
            throw invalid("does not end with '='");
        }
        PresharedSecret secret = PresharedSecret.of(Base64.getDecoder().decode(key));
        // The last digit before '=' carries two bits that belong to no byte: one key, one text
        if (!print(secret).equals(key)) {
            throw invalid("has a wrong last character before the '='");
        }
        return secret;
    }

    /**
     * Writes a key.
     *
     * @param secret the secret
     * @return 44 characters, to be shown to nobody but its user
     */
    public static String print(PresharedSecret secret) {
        return Base64.getEncoder().encodeToString(secret.bytes());
    }

    private static BindlinkException invalid(String what) {
        return new BindlinkException(
                Code.CONFIG, "the key " + what + "; a key is 44 base64 characters, the last one '='");
    }
}
