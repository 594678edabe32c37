package io.bindlink.core.io;

/**
 * User name and password for a proxy. Immutable; printing shows neither.
 *
 * @param user 1..255 bytes in UTF-8
 * @param password 1..255 bytes in UTF-8
 */
record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "Credentials(hidden)";
    }
}
