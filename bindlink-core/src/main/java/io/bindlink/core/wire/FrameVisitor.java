package io.bindlink.core.wire;

import io.bindlink.api.ControlPacket;
import java.nio.ByteBuffer;

/**
 * What {@link FrameReader} calls for every frame of a datagram, in order. Buffers and blocks are lent: they are valid
 * during the call, and the reader does not mind where their position is left. Numbers and times that are shortened on the
 * wire come as their low 32 bits; link ids are 1..255. PADDING is not visited. Confined to its session.
 */
public interface FrameVisitor {
    /**
     * PAYLOAD: what the peer's multiplexer sent.
     *
     * @param payload its bytes, between position and limit
     */
    void onPayload(ByteBuffer payload);

    /**
     * One block of an ACK.
     *
     * @param block what it says, reused for the next one
     */
    void onAck(AckBlock block);

    /**
     * LINK_HORIZON: nothing newer was sent on a link.
     *
     * @param linkId the link
     * @param lastNumberLow number of the last packet sent on it
     * @param sentMicrosLow when that was, on the sender's clock
     */
    void onLinkHorizon(int linkId, long lastNumberLow, long sentMicrosLow);

    /**
     * LINK_STATE: what the peer thinks of a link.
     *
     * @param sequence a newer one is larger, in serial arithmetic of 32 bits
     * @param linkId the link
     * @param flags of {@link LinkFlags}; unknown ones are to be ignored
     */
    void onLinkState(long sequence, int linkId, int flags);

    /**
     * CLOSE: the peer ends the session.
     *
     * @param code why
     * @param reason for people; may be empty
     */
    void onClose(int code, String reason);

    /**
     * HANDSHAKE: a message of a rekey.
     *
     * @param step {@link Prologue#INITIATE} or {@link Prologue#ANSWER}
     * @param receiver the index under which the sender of this frame wants to be addressed with the new keys
     * @param noiseMessage the message
     */
    void onHandshake(int step, int receiver, ByteBuffer noiseMessage);

    /**
     * CONTROL: the report of the peer's multiplexer, or a part of it.
     *
     * @param report its own copy, to be kept at will; counts are the low 40 and 48 bits
     */
    void onControl(ControlPacket report);

    /**
     * PROBE: the peer asks for a PROBE_REPLY.
     *
     * @param token to be given back
     * @param linkIds the links to answer on, a byte each; none: all
     */
    void onProbe(int token, ByteBuffer linkIds);

    /**
     * PROBE_REPLY: a PROBE arrived.
     *
     * @param token that of the PROBE
     * @param linkId the link the PROBE came through
     * @param datagramBytes size of the datagram it came in
     * @param arrivalMicrosLow when it came, on the clock of who answers
     */
    void onProbeReply(int token, int linkId, int datagramBytes, long arrivalMicrosLow);

    /**
     * PATH_CHALLENGE: the peer saw us at a new address.
     *
     * @param token to be given back
     */
    void onPathChallenge(long token);

    /**
     * PATH_RESPONSE: the answer to a challenge.
     *
     * @param token that of the challenge
     */
    void onPathResponse(long token);

    /**
     * A frame of a type that is not known; it was skipped.
     *
     * @param code its type, {@link FrameType#FIRST_SKIPPABLE}..255
     * @param lengthBytes bytes after its length
     */
    void onUnknown(int code, int lengthBytes);
}
