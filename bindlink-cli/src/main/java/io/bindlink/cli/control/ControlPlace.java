package io.bindlink.cli.control;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Role;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where nodes have their control sockets when nobody says otherwise: {@code ROLE-PID.sock} in a directory that is private to
 * the user. Immutable.
 */
public final class ControlPlace {
    private static final String SYSTEM = "/run/bindlink";
    private static final String PUBLIC = "/tmp";
    private static final String SUFFIX = ".sock";

    private final Map<String, String> environment;
    private final String userName;
    private final boolean root;

    /**
     * Places as a process sees them.
     *
     * @param environment the process's
     * @param userName whose it is
     */
    public ControlPlace(Map<String, String> environment, String userName) {
        this.environment = environment;
        this.userName = userName;
        this.root = userName.equals("root");
    }

    /**
     * The places of this process.
     *
     * @return by its environment and user
     */
    public static ControlPlace own() {
        return new ControlPlace(System.getenv(), System.getProperty("user.name", ""));
    }

    /** Where a node of this process's has its socket; the directory is made if there is none. */
    Path forNode(Role role) throws IOException {
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!isTrusted(directory)) {
            throw new IOException("directory " + directory + " belongs to another user");
        }
        sweep(directory);
        return directory.resolve(role.name().toLowerCase(Locale.ROOT) + "-"
                + ProcessHandle.current().pid() + SUFFIX);
    }

    /** Removes what killed processes left: sockets at which nobody answers, of processes that are gone. */
    private static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory, "*-*" + SUFFIX)) {
            for (Path socket : sockets) {
                String name = socket.getFileName().toString();
                String pid = name.substring(name.lastIndexOf('-') + 1, name.length() - SUFFIX.length());
                if (pid.matches("\\d{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()
                        && !answers(socket)) {
                    Files.deleteIfExists(socket);
                }
            }
        }
    }

    /** The directory for this user's nodes; systemd names one for a service. */
    Path directory() {
        String service = environment.get("RUNTIME_DIRECTORY");
        if (service != null && !service.isEmpty()) {
            return Path.of(service.split(":", 2)[0]);
        }
        String user = environment.get("XDG_RUNTIME_DIR");
        if (root || user == null || user.isEmpty()) {
            return root ? Path.of(SYSTEM) : Path.of(PUBLIC, "bindlink-" + userName);
        }
        return Path.of(user, "bindlink");
    }

    /** In a directory for everybody somebody else may have been first to take the name. */
    private boolean isTrusted(Path directory) throws IOException {
        return !directory.startsWith(PUBLIC)
                || (Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                                .getName()
                                .equals(userName)
                        && !Files.isSymbolicLink(directory));
    }

    /**
     * The one socket at which a node answers.
     *
     * @return its path
     * @throws BindlinkException with code {@link BindlinkException.Code#NOT_RUNNING} if there is none, {@link
     *     BindlinkException.Code#USAGE} if there are several
     */
    public Path find() {
        List<Path> found = new ArrayList<>();
        boolean denied = false;
        for (Path directory : new LinkedHashSet<>(List.of(directory(), Path.of(SYSTEM)))) {
            try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                for (Path socket : sockets) {
                    if (isTrusted(directory) && answers(socket)) {
                        found.add(socket);
                    }
                }
            } catch (AccessDeniedException e) {
                denied = true;
            } catch (IOException e) {
                // such as: there is no such directory
            }
        }
        if (found.isEmpty()) {
            throw none(denied);
        }
        if (found.size() > 1) {
            throw new BindlinkException(
                    BindlinkException.Code.USAGE,
                    "several nodes are running; name one: --socket "
                            + new TreeSet<>(found)
                                    .stream().map(Path::toString).collect(Collectors.joining(" or --socket ")));
        }
        return found.get(0);
    }

    private static BindlinkException none(boolean denied) {
        return new BindlinkException(
                BindlinkException.Code.NOT_RUNNING,
                denied
                        ? "no running node of yours was found; those of " + SYSTEM + " belong to another user: try sudo"
                        : "no running node was found; start one with 'bindlink master' or 'bindlink slave', or name its"
                                + " socket with --socket PATH");
    }

    /** Whether somebody answers; the socket of a process that was killed stays behind, and nobody does. */
    static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
