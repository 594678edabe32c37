package io.bindlink.core.io;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The kinds of events for Java Flight Recorder. Names and fields are final: some are added, and none is changed. */
final class FlightEvents {
    private FlightEvents() {}

    /** What all have. */
    @Category("Bindlink")
    @StackTrace(false)
    abstract static class NodeEvent extends Event {
        @Label("Tunnel")
        @Description("The name of the node's device")
        String tunnel = "";

        @Label("Role")
        String role = "";
    }

    /** A session began or ended. */
    @Name("bindlink.TunnelState")
    @Label("Tunnel State")
    static final class TunnelState extends NodeEvent {
        @Label("Up")
        boolean up;

        @Label("Reason")
        String reason = "";
    }

    /** What became of a handshake. */
    @Name("bindlink.Handshake")
    @Label("Handshake")
    static final class Handshake extends NodeEvent {
        @Label("Result")
        @Description("completed, refused or unanswered")
        String result = "";

        @Label("Reason")
        String reason = "";
    }

    /** New keys are in use. */
    @Name("bindlink.Rekey")
    @Label("Rekey")
    static final class Rekey extends NodeEvent {
        @Label("Epoch")
        long epoch;
    }

    /** A link changed its state. */
    @Name("bindlink.LinkState")
    @Label("Link State")
    static final class LinkStateChange extends NodeEvent {
        @Label("Link")
        int link;

        @Label("URI")
        @Description("Without credentials")
        String uri = "";

        @Label("From")
        String from = "";

        @Label("To")
        String to = "";

        @Label("Reason")
        String reason = "";
    }

    /** No link carried packets: from when the last one went to when the next one came. */
    @Name("bindlink.Stall")
    @Label("Stall")
    static final class Stall extends NodeEvent {}

    /** A link's figures. */
    @Name("bindlink.LinkSample")
    @Label("Link Sample")
    @Period("1 s")
    static final class LinkSample extends NodeEvent {
        @Label("Link")
        int link;

        @Label("State")
        String state = "";

        @Label("Sent")
        @DataAmount
        long sentBytes;

        @Label("Received")
        @DataAmount
        long receivedBytes;

        @Label("Lost Packets")
        long lostPackets;

        @Label("Smoothed Round-Trip Time")
        @Timespan(Timespan.NANOSECONDS)
        long roundTripNanos;

        @Label("Estimated Rate")
        @DataAmount
        long rateBytesPerSecond;

        @Label("Estimated Queue")
        @DataAmount
        long queuedBytes;

        @Label("In Flight")
        @DataAmount
        long inFlightBytes;

        @Label("Congestion Window")
        @DataAmount
        long congestionWindowBytes;
    }
}
