package org.diagonal.eval.cli.listing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.cli.console.Action;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.cli.console.ResultFile;
import org.diagonal.eval.cli.option.JsonOption;
import org.diagonal.eval.cli.option.TaskOptions;
import org.diagonal.eval.kernel.Forecast;
import org.diagonal.eval.kernel.numeric.Workers;
import org.diagonal.eval.record.Csv;
import org.diagonal.templates.alphabet.AlphabetSizes;
import org.diagonal.templates.alphabet.Alphabets;
import org.diagonal.templates.alphabet.Role;
import org.diagonal.templates.alphabet.Samples;
import org.diagonal.templates.catalogue.Catalogue;
import org.diagonal.templates.task.LabelKind;
import org.diagonal.templates.task.Overview;
import org.diagonal.templates.task.Task;
import org.diagonal.templates.task.TaskYaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diagonal tasks}: the template tasks that have names, and one's own. */
@Command(
        name = "tasks",
        header = "List template tasks, show one, draw samples, check a file",
        description = "Lists the template tasks known by name, or runs one of the commands below.",
        customSynopsis = "diagonal tasks [list | show TASK | sample TASK | check FILE] [options]",
        subcommands = {
            TasksCommand.ListTasks.class,
            TasksCommand.Show.class,
            TasksCommand.Sample.class,
            TasksCommand.Check.class
        },
        footer = {
            "diagonal tasks",
            "diagonal tasks show aba-abb",
            "diagonal tasks sample majority-4 --n 10",
            "diagonal tasks check mine.yaml"
        })
public final class TasksCommand extends Action {

    @Mixin JsonOption json;

    @Override
    protected int run() throws IOException {
        return list(json, global);
    }

    private static int list(JsonOption json, GlobalOptions global) throws IOException {
        json.check(global, ResultFile.Kind.TASKS);
        json.write("tasks", Catalogue.entries());
        TaskText.list(Catalogue.entries(), json.words());
        return 0;
    }

    /** {@code diagonal tasks list}. */
    @Command(
            name = "list",
            header = "List the template tasks known by name",
            description = "Lists the template tasks known by name.",
            customSynopsis = "diagonal tasks list")
    static final class ListTasks extends Action {

        @Mixin JsonOption json;

        @Override
        protected int run() throws IOException {
            return list(json, global);
        }
    }

    /** {@code diagonal tasks show}. */
    @Command(
            name = "show",
            header = "Show a task's templates with labels and probabilities",
            description =
                    "Shows a task's templates with labels and probabilities, its data diversity, and"
                            + " that no string matches two of them.",
            customSynopsis = "diagonal tasks show TASK [--n N]",
            footer = {"diagonal tasks show programs", "diagonal tasks show mine.yaml --n 64"})
    @Heading("Task")
    static final class Show extends Action {

        @Parameters(paramLabel = "TASK", description = "a name, or a .yaml file")
        String task;

        @Option(
                names = "--n",
                description = "symbols of the training alphabet, for the data diversity")
        int alphabet = 100;

        @Override
        protected int run() throws IOException {
            TaskText.show(Overview.of(task(task), alphabet), global.out());
            return 0;
        }
    }

    /** {@code diagonal tasks sample}. */
    @Command(
            name = "sample",
            header = "Draw samples of a task as CSV",
            description =
                    "Draws samples of a task as CSV, one row a sample: text, label, template. Symbols"
                            + " are those of networks from scratch: a0, a1, … to train with, b0, …"
                            + " to validate, c0, … to test.",
            customSynopsis = "diagonal tasks sample TASK [--n N] [--seed S] [options]",
            footer = {"diagonal tasks sample aba-abb --n 1000 --seed 7 > samples.csv"})
    @Heading("Samples")
    static final class Sample extends Action {

        @Parameters(paramLabel = "TASK", description = "a name, or a .yaml file")
        String task;

        @Option(names = "--n", description = "how many samples")
        int count = 10;

        @Option(names = "--seed", paramLabel = "S", description = "of every random choice")
        long seed = 42;

        @Option(names = "--role", description = "whose alphabet to use")
        Role role = Role.TRAINING;

        @Option(names = "--alphabet", description = "symbols of that alphabet")
        int alphabet = 100;

        @Override
        protected int run() throws IOException {
            Alphabets alphabets =
                    Alphabets.fromScratch(
                            task(task), new AlphabetSizes(alphabet, alphabet, alphabet));
            Samples samples = Samples.draw(alphabets, role, count, seed);
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < samples.count(); i++) {
                String template = samples.task().templates().get(samples.template(i)).text();
                rows.add(List.of(samples.text(i), samples.labelText(i), template));
            }
            global.out().print(Csv.text(List.of("text", "label", "template"), rows));
            global.out().flush();
            return 0;
        }
    }

    /** {@code diagonal tasks check}. */
    @Command(
            name = "check",
            header = "Check a task file",
            description =
                    "Checks a task file, and says what it holds and, for real labels, how many samples it"
                            + " would take by the theory (diagonal kernel has more).",
            customSynopsis = "diagonal tasks check FILE",
            footer = {"diagonal tasks check mine.yaml"})
    @Heading("Task")
    static final class Check extends Action {

        @Parameters(paramLabel = "FILE", description = "a task file")
        Path file;

        @Override
        protected int run() throws IOException {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "no such file");
            }
            Task task = TaskYaml.read(file);
            TaskText.checked(
                    file, Overview.of(task, Math.max(100, task.mostWildcards())), global.out());
            if (task.kind() == LabelKind.REAL) {
                try (Workers workers = new Workers(global.allThreads())) {
                    TaskText.theory(Forecast.sentence(task, workers), global.out());
                }
            }
            return 0;
        }
    }

    private static Task task(String words) throws IOException {
        return Catalogue.task(TaskOptions.isTask(words) ? TaskOptions.name(words) : words);
    }
}
