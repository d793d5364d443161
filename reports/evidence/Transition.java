import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * When does a loss fall, and when does a rise? Argument: the folder of a comparison with its runs.
 * Prints for each run the first step at which the mean training loss of five steps in a row is below
 * 0.5, half of a guess's, and the step at which the largest size of a, over heads, reaches half of its
 * last value, interpolated between the steps that are kept; then the mean of the first less the
 * second over the runs that have both, with Student's 95 % interval.
 */
public final class Transition {

    private static final int STEPS = 5;
    private static final double HALF = 0.5;

    private static List<CSVRecord> rows(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(reader)
                    .getRecords();
        }
    }

    private static long falls(Path run) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (CSVRecord row : rows(run.resolve("metrics.csv"))) {
            if (row.get("loss").isEmpty()) {
                continue; // before the first step
            }
            losses.add(Double.valueOf(row.get("loss")));
            double mean =
                    losses.subList(Math.max(0, losses.size() - STEPS), losses.size()).stream()
                            .mapToDouble(loss -> loss)
                            .average()
                            .orElseThrow();
            if (losses.size() >= STEPS && mean < HALF) {
                return Long.parseLong(row.get("step"));
            }
        }
        throw new IllegalStateException(run + ": the loss does not fall below " + HALF);
    }

    private static double rises(Path run) throws IOException {
        TreeMap<Long, Double> largest = new TreeMap<>();
        for (CSVRecord row : rows(run.resolve("scalings.csv"))) {
            double size = Math.abs(Double.parseDouble(row.get("a")));
            largest.merge(Long.parseLong(row.get("step")), size, Math::max);
        }
        double half = largest.lastEntry().getValue() / 2;
        Map.Entry<Long, Double> before = largest.firstEntry();
        for (Map.Entry<Long, Double> moment : largest.entrySet()) {
            if (moment.getValue() >= half) {
                double part = (half - before.getValue()) / (moment.getValue() - before.getValue());
                return before.getKey() + part * (moment.getKey() - before.getKey());
            }
            before = moment;
        }
        throw new IllegalStateException(run + ": has no a");
    }

    public static void main(String[] arguments) throws IOException {
        List<Path> runs;
        try (Stream<Path> folders = Files.list(Path.of(arguments[0]))) {
            runs = folders.filter(Files::isDirectory).sorted().toList();
        }
        List<Double> later = new ArrayList<>();
        for (Path run : runs) {
            long falls = falls(run);
            String line = "%-12s the loss falls at step %3d".formatted(run.getFileName(), falls);
            if (Files.exists(run.resolve("scalings.csv"))) {
                double rises = rises(run);
                later.add(falls - rises);
                line += ", a rises at step %3.0f".formatted(rises);
            }
            System.out.println(line);
        }
        int k = later.size();
        double mean = later.stream().mapToDouble(steps -> steps).average().orElseThrow();
        double squares = later.stream().mapToDouble(steps -> (steps - mean) * (steps - mean)).sum();
        double width =
                TDistribution.of(k - 1).inverseCumulativeProbability(0.975)
                        * Math.sqrt(squares / (k - 1) / k);
        System.out.printf(
                "the loss falls %.1f steps after a rises (%.1f to %.1f)%n",
                mean, mean - width, mean + width);
    }
}
