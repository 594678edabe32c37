package io.bindlink.api;

/** Which end of a bond a node is. */
public enum Role {
    /** The end on a reliable, fast server: it listens, and learns of links when authentic packets arrive through them. */
    MASTER,
    /** The end where the internet is poor: it decides which links exist and reaches out through each of them. */
    SLAVE
}
