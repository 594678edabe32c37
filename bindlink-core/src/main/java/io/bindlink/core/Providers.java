package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.spi.MultiplexerProvider;
import io.bindlink.api.spi.SchedulerProvider;
import io.bindlink.api.spi.TunDeviceProvider;
import io.bindlink.api.spi.UdpSocketProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The providers of one kind that {@link ServiceLoader} finds: a user's plugins first, then those beside the library.
 * One that cannot be loaded is left out and told of; it does not keep the others from being used. Immutable.
 *
 * @param <P> the provider's interface
 */
public final class Providers<P> {
    private static final int MAX_BROKEN = 64; // a class path that cannot be read fails again and again

    private final String what;
    private final Map<String, P> byName = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();

    private Providers(Class<P> kind, Function<P, String> nameOf, String what, List<ClassLoader> plugins) {
        this.what = what;
        ClassLoader library = Providers.class.getClassLoader();
        for (ClassLoader plugin : plugins) {
            // A class loader asks its parents first; what is the library's own comes last nevertheless.
            addAll(kind, nameOf, plugin, provider -> provider.getClass().getClassLoader() != library);
        }
        addAll(kind, nameOf, library, provider -> true);
    }

    /**
     * What opens tun devices.
     *
     * @param plugins class loaders to look in first
     * @return those found
     */
    public static Providers<TunDeviceProvider> tunDevices(List<ClassLoader> plugins) {
        return new Providers<>(TunDeviceProvider.class, TunDeviceProvider::name, "tun device", plugins);
    }

    /**
     * What makes schedulers.
     *
     * @param plugins class loaders to look in first
     * @return those found
     */
    public static Providers<SchedulerProvider> schedulers(List<ClassLoader> plugins) {
        return new Providers<>(SchedulerProvider.class, SchedulerProvider::name, "scheduler", plugins);
    }

    /**
     * What makes multiplexers.
     *
     * @param plugins class loaders to look in first
     * @return those found
     */
    public static Providers<MultiplexerProvider> multiplexers(List<ClassLoader> plugins) {
        return new Providers<>(MultiplexerProvider.class, MultiplexerProvider::name, "multiplexer", plugins);
    }

    /**
     * What sends and receives datagrams.
     *
     * @param plugins class loaders to look in first
     * @return those found
     */
    public static Providers<UdpSocketProvider> udpSockets(List<ClassLoader> plugins) {
        return new Providers<>(UdpSocketProvider.class, UdpSocketProvider::name, "kind of UDP socket", plugins);
    }

    /**
     * The providers by the name a user selects them by. Of two with one name the first found is meant.
     *
     * @return in the order found
     */
    public Map<String, P> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /**
     * What was found and could not be loaded.
     *
     * @return a line for each, for people
     */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /**
     * The provider of a name.
     *
     * @param name the name wanted
     * @return the provider
     * @throws BindlinkException with code {@link BindlinkException.Code#CONFIG} if there is none; the message lists those
     *     there are
     */
    public P find(String name) {
        P found = byName.get(name);
        if (found != null) {
            return found;
        }
        String known = byName.isEmpty()
                ? "none is installed"
                : "known are " + String.join(", ", new TreeSet<>(byName.keySet()));
        String left = broken.isEmpty() ? "" : "; left out: " + String.join("; ", broken);
        throw new BindlinkException(
                BindlinkException.Code.CONFIG, "unknown " + what + " '" + name + "'; " + known + left);
    }

    private void addAll(Class<P> kind, Function<P, String> nameOf, ClassLoader loader, Predicate<P> wanted) {
        Iterator<P> providers = ServiceLoader.load(kind, loader).iterator();
        for (int failures = 0; failures < MAX_BROKEN; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                P provider = providers.next();
                if (wanted.test(provider)) {
                    byName.putIfAbsent(nameOf.apply(provider), provider);
                }
            } catch (ServiceConfigurationError
                    | LinkageError
                    | RuntimeException e) { // whatever a stranger's class does
                failures++;
                broken.add(place(loader) + ": " + explain(kind, e));
            }
        }
    }

    private static String place(ClassLoader loader) {
        return loader.getName() == null ? "a plugin" : "plugin " + loader.getName();
    }

    private static String explain(Class<?> kind, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof NoClassDefFoundError) {
            return "class " + message.replace('/', '.') + " is missing";
        }
        if (!(failure instanceof ServiceConfigurationError)) {
            return failure.getMessage() == null ? failure.getClass().getName() : message;
        }
        String plain = message.startsWith(kind.getName() + ": ")
                ? message.substring(kind.getName().length() + 2)
                : message;
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? plain : plain + ": " + cause.getMessage();
    }
}
