package io.bindlink.core.io;

import io.bindlink.api.Event;
import io.bindlink.api.LinkState;
import io.bindlink.api.LinkStats;
import io.bindlink.api.Role;
import io.bindlink.api.Stats;
import java.util.BitSet;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import org.jspecify.annotations.Nullable;

/**
 * Events for Java Flight Recorder. Those of them that are not recorded cost a look at a flag; samples are made by the
 * recorder's own thread, and none while nobody records. Events by one thread at a time.
 */
final class FlightRecorderLog implements FlightLog, FlightRecorderListener {
    private final String tunnel;
    private final String role;
    private final Supplier<Stats> stats;
    private final Runnable sample = this::sample;
    private final BitSet up = new BitSet();
    private FlightEvents.@Nullable Stall stall;

    FlightRecorderLog(String tunnel, Role role, Supplier<Stats> stats) {
        this.tunnel = tunnel;
        this.role = role.name();
        this.stats = stats;
    }

    @Override
    public void start() {
        FlightRecorder.addListener(this); // it takes a tenth of a second to begin, which most nodes never need
    }

    /** Somebody is about to record, or did so before there was a node. */
    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        FlightRecorder.register(FlightEvents.LinkSample.class); // which may not have been used yet
        FlightRecorder.addPeriodicEvent(FlightEvents.LinkSample.class, sample);
    }

    @Override
    public void close() {
        FlightRecorder.removeListener(this);
        if (FlightRecorder.isInitialized()) {
            FlightRecorder.removePeriodicEvent(sample);
        }
    }

    @Override
    public void handleEvent(Event event) {
        boolean wasUp = !up.isEmpty();
        follow(event);
        if (FlightRecorder.isInitialized()) { // else the first look at an event's class would begin it
            record(event, wasUp);
        }
    }

    /** Keeps in mind which links are up, for whoever records later. */
    private void follow(Event event) {
        if (event instanceof Event.SessionEnded) {
            up.clear();
        } else if (event instanceof Event.LinkChanged change) {
            up.set(change.link().value(), change.to() == LinkState.UP);
        }
    }

    private void record(Event event, boolean wasUp) {
        if (event instanceof Event.SessionStarted) {
            handshake("completed", "");
            session(true, "");
        } else if (event instanceof Event.SessionEnded ended) {
            endStall();
            session(false, ended.reason());
        } else if (event instanceof Event.Refused refused) {
            handshake("refused", refused.reason());
        } else if (event instanceof Event.Unanswered) {
            handshake("unanswered", "");
        } else if (event instanceof Event.KeysRenewed renewed) {
            rekey(renewed.epoch());
        } else if (event instanceof Event.LinkChanged change) {
            link(change);
            stall(wasUp);
        }
    }

    private void session(boolean isUp, String reason) {
        FlightEvents.TunnelState event = new FlightEvents.TunnelState();
        if (event.isEnabled()) {
            event.tunnel = tunnel;
            event.role = role;
            event.up = isUp;
            event.reason = reason;
            event.commit();
        }
    }

    private void handshake(String result, String reason) {
        FlightEvents.Handshake event = new FlightEvents.Handshake();
        if (event.isEnabled()) {
            event.tunnel = tunnel;
            event.role = role;
            event.result = result;
            event.reason = reason;
            event.commit();
        }
    }

    private void rekey(long epoch) {
        FlightEvents.Rekey event = new FlightEvents.Rekey();
        if (event.isEnabled()) {
            event.tunnel = tunnel;
            event.role = role;
            event.epoch = epoch;
            event.commit();
        }
    }

    private void link(Event.LinkChanged change) {
        FlightEvents.LinkStateChange event = new FlightEvents.LinkStateChange();
        if (event.isEnabled()) {
            event.tunnel = tunnel;
            event.role = role;
            event.link = change.link().value();
            event.uri = change.uri().toString();
            event.from = change.from().name();
            event.to = change.to().name();
            event.reason = change.reason();
            event.commit();
        }
    }

    private void stall(boolean wasUp) {
        if (wasUp && up.isEmpty()) {
            stall = new FlightEvents.Stall();
            stall.begin();
        } else if (!up.isEmpty()) {
            endStall();
        }
    }

    private void endStall() {
        FlightEvents.Stall ended = stall;
        stall = null;
        if (ended != null && ended.shouldCommit()) {
            ended.tunnel = tunnel;
            ended.role = role;
            ended.commit();
        }
    }

    private void sample() {
        for (LinkStats link : stats.get().links()) {
            FlightEvents.LinkSample event = new FlightEvents.LinkSample();
            event.tunnel = tunnel;
            event.role = role;
            event.link = link.id().value();
            event.state = link.state().name();
            event.sentBytes = link.sentBytes();
            event.receivedBytes = link.receivedBytes();
            event.lostPackets = link.lostPackets();
            event.roundTripNanos = link.rttNanos();
            event.rateBytesPerSecond = link.rateBytesPerSecond();
            event.queuedBytes = link.queuedBytes();
            event.inFlightBytes = link.inFlightBytes();
            event.congestionWindowBytes = link.congestionWindowBytes();
            event.commit();
        }
    }
}
