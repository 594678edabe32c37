package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.core.crypto.KeyText;
import io.bindlink.core.crypto.PresharedSecret;
import io.bindlink.core.io.Entropy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secret that both ends of a bond share: 32 random bytes, written as 44 characters of base64. Printing it shows
 * nothing of it. Immutable.
 */
public final class PresharedKey {
    private static final int MAX_FILE_BYTES = 4096; // a key file has 45; a mistaken path must not fill the memory

    private final PresharedSecret secret;

    private PresharedKey(PresharedSecret secret) {
        this.secret = secret;
    }

    static PresharedKey of(PresharedSecret secret) {
        return new PresharedKey(secret);
    }

    /**
     * Makes a new key from the system's secure random source.
     *
     * @return a key nobody has seen before
     */
    public static PresharedKey generate() {
        return new PresharedKey(PresharedSecret.random(Entropy.secure()));
    }

    /**
     * Reads a key from text.
     *
     * @param text 44 characters of base64; white space around them is passed over
     * @return the key
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if it is not a key; the message does not
     *     repeat the text
     */
    public static PresharedKey parse(String text) {
        return new PresharedKey(KeyText.parse(text));
    }

    /**
     * Reads a key from a file.
     *
     * @param file holds the key's text alone
     * @return the key
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} and one line if there is no such file, it
     *     cannot be read or holds no key
     */
    public static PresharedKey read(Path file) {
        String what = "key file " + file;
        String text;
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a directory");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException("it is too large to be one");
            }
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw invalid(what + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw invalid(what + " cannot be read: permission denied", e);
        } catch (CharacterCodingException e) {
            throw invalid(what + " holds no text", e);
        } catch (IOException e) {
            throw invalid(what + " cannot be read: " + e.getMessage(), e);
        }
        try {
            return parse(text);
        } catch (BindlinkException e) {
            throw invalid(what + ": " + e.getMessage(), e);
        }
    }

    /**
     * Whether others than its owner may read a file, which a key file should not allow.
     *
     * @param file an existing file
     * @return true when group or others have the right to read it; false when not, or when the file system cannot tell
     */
    public static boolean readableByOthers(Path file) {
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
            return rights.contains(PosixFilePermission.GROUP_READ) || rights.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * The key's text, for writing it to a file. A secret.
     *
     * @return 44 characters of base64
     */
    public String text() {
        return KeyText.print(secret);
    }

    PresharedSecret secret() {
        return secret;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PresharedKey that && secret.equals(that.secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return "PresharedKey(hidden)";
    }

    private static BindlinkException invalid(String message, Exception cause) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message, cause);
    }
}
