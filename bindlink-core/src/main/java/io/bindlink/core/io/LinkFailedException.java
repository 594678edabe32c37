package io.bindlink.core.io;

import java.io.IOException;

/** A proxy said why it makes no link. */
class LinkFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of reason. */
    private final LinkFailure kind;

    LinkFailedException(LinkFailure kind, String message) {
        super(message);
        this.kind = kind;
    }

    LinkFailure kind() {
        return kind;
    }
}
