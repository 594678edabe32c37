package io.bindlink.core.session;

import io.bindlink.api.LinkId;
import io.bindlink.api.LinkUri;

/**
 * A slave's wish for a socket through which a link can reach the master. Answered by {@link Node#handleSocket} or
 * {@link Node#handleDialFailed}; a socket the link had before is closed by then. Immutable.
 *
 * @param linkId the link
 * @param uri what to make the socket from
 */
public record DialRequest(LinkId linkId, LinkUri uri) {}
