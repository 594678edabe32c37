package io.bindlink.core;

import io.bindlink.api.BindlinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Function;

/** Finds strategies and devices by name: in plugins first, then beside the library. Immutable. */
final class Providers {
    private final List<ClassLoader> loaders;

    Providers(List<ClassLoader> plugins) {
        loaders = new ArrayList<>(plugins);
        loaders.add(Providers.class.getClassLoader());
    }

    /**
     * The first provider of a name.
     *
     * @param kind the provider's interface
     * @param nameOf how it tells its name
     * @param name the name wanted
     * @param what what it makes, for people
     * @return the provider
     * @throws BindlinkException if there is none, the message lists those there are; or if a plugin is broken
     */
    <P> P find(Class<P> kind, Function<P, String> nameOf, String name, String what) {
        TreeSet<String> known = new TreeSet<>();
        try {
            for (ClassLoader loader : loaders) {
                for (P provider : ServiceLoader.load(kind, loader)) {
                    if (nameOf.apply(provider).equals(name)) {
                        return provider;
                    }
                    known.add(nameOf.apply(provider));
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new BindlinkException(
                    BindlinkException.Code.CONFIG, "a plugin cannot be loaded: " + e.getMessage(), e);
        }
        throw new BindlinkException(
                BindlinkException.Code.CONFIG,
                "unknown " + what + " '" + name + "'; "
                        + (known.isEmpty() ? "none is installed" : "known are " + String.join(", ", known)));
    }
}
