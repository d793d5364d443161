package org.diagonal.eval.faults;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a process under strace, ends it at a moment, and takes from its files what it had not
 * brought to disk by then. Renames count as done, as they are in a journal.
 */
final class PowerCut {

    private static final Pattern WRITE =
            Pattern.compile(
                    "^(\\d+) +p?write(?:64)?\\(\\d+<([^>]+)>.*?(?:= (\\d+)|<unfinished.*)$");
    private static final Pattern RESUMED =
            Pattern.compile("^(\\d+) +<\\.\\.\\. p?write(?:64)? resumed>.*= (\\d+)$");
    private static final Pattern SYNC = Pattern.compile("^\\d+ +f(?:data)?sync\\(\\d+<([^>]+)>.*$");
    private static final Pattern RENAME =
            Pattern.compile("^\\d+ +rename\\(\"([^\"]+)\", \"([^\"]+)\".*$");

    private final TreeMap<String, Long> written = new TreeMap<>();
    private final TreeMap<String, Long> synced = new TreeMap<>();
    private final Map<String, String> pending = new HashMap<>();

    private PowerCut() {}

    /** Whether this machine can do it. */
    static boolean isPossible() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/strace"))) {
            return false;
        }
        return new ProcessBuilder("/usr/bin/strace", "-o", "/dev/null", "true").start().waitFor()
                == 0;
    }

    /**
     * Runs a command and cuts the power.
     *
     * @param cache its cache
     * @param below where files lose what was not brought to disk
     * @return whether the process ended before by itself
     */
    static boolean run(
            List<String> line, Path cache, Path below, Path trace, Path output, long milliseconds)
            throws IOException, InterruptedException {
        List<String> traced = new ArrayList<>(List.of("/usr/bin/strace", "-f", "-y"));
        traced.addAll(List.of("-e", "trace=write,pwrite64,fsync,fdatasync,rename"));
        traced.addAll(List.of("--seccomp-bpf", "-o", trace.toString()));
        traced.addAll(line);
        ProcessBuilder builder = new ProcessBuilder(traced).redirectErrorStream(true);
        builder.environment().put("DIAGONAL_CACHE", cache.toString());
        Process process = builder.redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        PowerCut cut = new PowerCut();
        for (String each : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
            cut.read(each);
        }
        cut.lose(below.toString());
        return ended;
    }

    private void read(String line) {
        Matcher write = WRITE.matcher(line);
        Matcher resumed = RESUMED.matcher(line);
        Matcher sync = SYNC.matcher(line);
        Matcher rename = RENAME.matcher(line);
        if (write.matches()) {
            if (write.group(3) == null) {
                pending.put(write.group(1), write.group(2));
            } else {
                written.merge(write.group(2), Long.valueOf(write.group(3)), Long::sum);
            }
        } else if (resumed.matches() && pending.containsKey(resumed.group(1))) {
            written.merge(
                    pending.remove(resumed.group(1)), Long.valueOf(resumed.group(2)), Long::sum);
        } else if (sync.matches()) {
            synced.put(sync.group(1), written.getOrDefault(sync.group(1), 0L));
        } else if (rename.matches()) {
            move(written, rename.group(1), rename.group(2));
            move(synced, rename.group(1), rename.group(2));
        }
    }

    private static void move(Map<String, Long> sizes, String from, String to) {
        for (String path : List.copyOf(sizes.keySet())) {
            if (path.equals(to) || path.startsWith(to + "/")) {
                sizes.remove(path);
            }
        }
        for (String path : List.copyOf(sizes.keySet())) {
            if (path.equals(from) || path.startsWith(from + "/")) {
                sizes.put(to + path.substring(from.length()), sizes.remove(path));
            }
        }
    }

    private void lose(String below) throws IOException {
        for (Map.Entry<String, Long> file : written.entrySet()) {
            long kept = synced.getOrDefault(file.getKey(), 0L);
            Path path = Path.of(file.getKey());
            if (file.getKey().startsWith(below) && kept < file.getValue() && Files.exists(path)) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.truncate(kept);
                }
            }
        }
    }
}
