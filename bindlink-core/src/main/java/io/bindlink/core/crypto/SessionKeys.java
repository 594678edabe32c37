package io.bindlink.core.crypto;

/**
 * What a handshake gives one side: the two directions of one key epoch. Confined to its session.
 *
 * @param sender seals what this side sends
 * @param opener opens what the other side sent
 */
public record SessionKeys(Sealer sender, Opener opener) {}
