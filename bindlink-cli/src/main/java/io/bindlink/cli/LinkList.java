package io.bindlink.cli;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.cli.join.JoinOptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes links of what users write, with their passwords, which come from files alone. Confined to its command. */
public final class LinkList {
    private final @Nullable Path proxyPasswordFile;

    /**
     * A list with this password for links that have a user name and no file of their own.
     *
     * @param proxyPasswordFile its first line is the password; null: none
     */
    public LinkList(@Nullable Path proxyPasswordFile) {
        this.proxyPasswordFile = proxyPasswordFile;
    }

    /** The link through a proxy, {@code [USER@]HOST:PORT}. */
    LinkUri proxy(String text) {
        requireNoScheme("--proxies", text);
        int at = text.lastIndexOf('@');
        String user = at < 0
                ? ""
                : URLEncoder.encode(text.substring(0, at), StandardCharsets.UTF_8)
                                .replace("+", "%20") + "@";
        LinkUri uri = LinkUri.parse("socks5://" + user + text.substring(at + 1));
        return proxyPasswordFile == null || at < 0 ? uri : uri.withPassword(password(proxyPasswordFile));
    }

    /** The link straight to the master, {@code HOST:PORT}. */
    static LinkUri target(String text) {
        requireNoScheme("--targets", text);
        return LinkUri.parse("udp://" + text);
    }

    /** The text is not repeated: there may be a password in it. */
    private static void requireNoScheme(String option, String text) {
        if (text.contains("://")) {
            throw NodeOptions.usage(option + " takes HOST:PORT; a whole URI goes after --link");
        }
    }

    /**
     * The link that a URI names.
     *
     * @param text the URI
     * @return with its password, if it has one
     */
    public LinkUri link(String text) {
        if (JoinOptions.looksLikeLine(text)) {
            throw NodeOptions.usage("a join line is no link: give it by --join or --join-file"); // it is a secret
        }
        LinkUri uri = LinkUri.parse(text);
        Optional<Path> file = uri.passwordFile().map(Path::of);
        if (file.isEmpty() && uri.user().isPresent()) {
            file = Optional.ofNullable(proxyPasswordFile);
        }
        return file.map(path -> uri.withPassword(password(path))).orElse(uri);
    }

    private static String password(Path file) {
        try {
            return FirstLine.of(file).orElseThrow(() -> config("password file " + file + " is empty"));
        } catch (NoSuchFileException e) {
            throw config("password file " + file + " does not exist");
        } catch (IOException e) {
            throw config("password file " + file + " cannot be read: " + Failures.reason(e));
        }
    }

    private static BindlinkException config(String message) {
        return new BindlinkException(BindlinkException.Code.CONFIG, message);
    }
}
