package org.diagonal.eval.reports;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diagonal.eval.report.chart.Chart;
import org.diagonal.eval.report.chart.PngWriter;
import org.diagonal.eval.report.page.Block.Figure;
import org.diagonal.eval.report.page.HtmlWriter;
import org.diagonal.eval.report.page.Page;
import org.diagonal.eval.train.TrainingFolder;
import org.diagonal.eval.train.TrainingPage;
import org.diagonal.plugin.files.AtomicFiles;
import org.diagonal.plugin.files.FileFault;
import org.diagonal.plugin.run.RunFolder;

/** Makes reports of what commands have left in their folders. */
public final class Reports {

    /** The report's name in the folder of its run. */
    public static final String FILE = "report.html";

    private Reports() {}

    /**
     * Reads a folder.
     *
     * @throws FileSystemException in one line, if it is no run's, its run is not finished, is of
     *     another version, or a file is damaged
     */
    public static Page page(Path folder) throws IOException {
        String id = id(folder);
        Optional<ResultKind> kind = ResultKind.in(folder);
        if (kind.isPresent()) {
            return kind.get().page(folder, id);
        }
        if (TrainingFolder.isOne(folder)) {
            return TrainingPage.of(folder, id);
        }
        throw noRun(folder);
    }

    private static FileSystemException noRun(Path folder) {
        if (!Files.exists(folder)) {
            return new NoSuchFileException(folder.toString());
        }
        return FileFault.of(
                folder,
                Files.isDirectory(folder)
                        ? "is not a run folder: expected %s or run.json in it"
                                .formatted(String.join(", ", ResultKind.files()))
                        : "is no folder");
    }

    /** The folder's name, as far as an address can end with it. */
    private static String id(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        String id = name == null ? "" : name.toString().replaceAll("[^A-Za-z0-9.-]+", "-");
        return id.isEmpty() ? "run" : id;
    }

    /** Whether a folder holds what {@link #page} reads, or something that will become it. */
    public static boolean isFinished(Path folder) {
        return !TrainingFolder.isOne(folder) || RunFolder.isFinished(folder);
    }

    /**
     * A training as it stands, for a page that is made again and again.
     *
     * @throws IOException if it has not done a step, or a file is damaged
     */
    public static Page sofar(Path folder) throws IOException {
        return LivePage.of(folder, id(folder));
    }

    /**
     * The pages of several folders; where trainings are among them, a page that overlays them comes
     * first.
     */
    public static List<Page> pages(List<Path> folders) throws IOException {
        List<Page> pages = new ArrayList<>();
        List<Path> trainings = folders.stream().filter(Reports::isTraining).toList();
        if (trainings.size() > 1) {
            pages.add(OverlayPage.of(trainings));
        }
        for (Path folder : folders) {
            pages.add(page(folder));
        }
        return List.copyOf(pages);
    }

    private static boolean isTraining(Path folder) {
        return TrainingFolder.isOne(folder) && RunFolder.isFinished(folder);
    }

    /**
     * Makes a run's report in its folder.
     *
     * @return the report's file
     * @throws IOException as {@link #page} does, and if the file cannot be written
     */
    public static Path leave(Path folder) throws IOException {
        return leave(page(folder), folder);
    }

    /**
     * Writes a page into the folder of its run, named after the folder.
     *
     * @return the report's file
     */
    public static Path leave(Page page, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        write(List.of(page.withId(id(folder))), file);
        return file;
    }

    /** Writes reports into one file, replacing an old one. */
    public static void write(List<Page> pages, Path file) throws IOException {
        AtomicFiles.writeString(file, HtmlWriter.write(pages));
    }

    /**
     * Writes every chart as a PNG file.
     *
     * @param folder where the files go, {@code PAGE-CHART.png}
     * @return the files
     */
    public static List<Path> writePictures(List<Page> pages, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Page page : pages) {
            for (Figure figure : page.figures()) {
                Path file = folder.resolve(page.id() + "-" + figure.name() + ".png");
                PngWriter.write(figure.chart().draw(Chart.WIDE), file);
                files.add(file);
            }
        }
        return files;
    }
}
