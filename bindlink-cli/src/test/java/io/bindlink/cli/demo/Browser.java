package io.bindlink.cli.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bindlink.core.base.RealNetwork;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven by its DevTools protocol. Confined to its test. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENING = "DevTools listening on ws://";

    private final Path profile;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final List<String> requested = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Browser() throws Exception {
        Path program = RealNetwork.assumeProgram("chromium");
        profile = Files.createTempDirectory("bindlink-browser");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        String browser = awaitAddress();
        String host = browser.substring(0, browser.indexOf('/'));
        socket = client.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create(page(host)), new Listener())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", "{}");
        }
    }

    private String awaitAddress() throws IOException {
        var lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread drain = new Thread(() -> lines.lines().forEach(each -> {}), "browser's words");
                drain.setDaemon(true);
                drain.start();
                return line.substring(LISTENING.length());
            }
        }
        throw new AssertionError("chromium ended with " + process.exitValue());
    }

    private String page(String host) throws Exception {
        String list = client.send(
                        HttpRequest.newBuilder(URI.create("http://" + host + "/json/list"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        JsonArray targets = JsonParser.parseString(list).getAsJsonArray();
        for (JsonElement target : targets) {
            if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
                return target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString();
            }
        }
        throw new AssertionError("no page: " + list);
    }

    /** Takes what the browser says. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                handle(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void handle(JsonObject message) {
        if (message.has("id")) {
            CompletableFuture<JsonObject> caller =
                    waiting.remove(message.get("id").getAsInt());
            if (caller != null) {
                caller.complete(message);
            }
            return;
        }
        JsonObject parameters = message.getAsJsonObject("params");
        switch (message.get("method").getAsString()) {
            case "Network.requestWillBeSent" ->
                requested.add(parameters.getAsJsonObject("request").get("url").getAsString());
            case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
                complaints.add(message.toString());
            default -> {}
        }
    }

    JsonObject call(String method, String parameters) throws Exception {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonObject message = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!message.has("result")) {
            throw new AssertionError(method + ": " + message);
        }
        return message.getAsJsonObject("result");
    }

    void open(String url) throws Exception {
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    /** What an expression of JavaScript's comes to, as text. */
    String value(String expression) throws Exception {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", "String(" + expression + ")");
        parameters.addProperty("returnByValue", true);
        JsonObject result = call("Runtime.evaluate", parameters.toString());
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result);
        }
        return result.getAsJsonObject("result").get("value").getAsString();
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!value("Boolean(" + expression + ")").equals("true")) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never true: " + expression + "; complaints: " + complaints);
            }
            Thread.sleep(50);
        }
    }

    void size(int width, int height, boolean dark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 500)
                        + "}");
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"}]}");
    }

    void press(String key, String code, int number) throws Exception {
        String parameters = "\"key\":\"" + key + "\",\"code\":\"" + code + "\",\"windowsVirtualKeyCode\":" + number
                + (key.equals(" ") ? ",\"text\":\" \"" : "");
        call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"," + parameters + "}");
        call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + parameters + "}");
    }

    void screenshot(Path file) throws Exception {
        String data = call("Page.captureScreenshot", "{\"format\":\"png\"}")
                .get("data")
                .getAsString();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    List<String> requested() {
        return requested;
    }

    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
